-- Every respondent who is not excluded has a row for each theme in their export.
with

respondents as (
    select * from {{ ref('dim_respondent') }}
    where not is_excluded
),

themes as (
    select distinct
        questions.export_id,
        questions.theme_id
    from {{ ref('dim_question') }} as questions
    inner join {{ ref('dim_construct') }} as constructs on questions.construct_id = constructs.construct_id
    where constructs.construct_role = 'outcome'
)

select
    respondents.respondent_key,
    themes.theme_id
from respondents
inner join themes on respondents.export_id = themes.export_id
left join {{ ref('fct_respondent_theme') }} as facts
    on
        respondents.respondent_key = facts.respondent_key
        and themes.theme_id = facts.theme_id
        and facts.topic_id = 'all'
where facts.respondent_key is null
