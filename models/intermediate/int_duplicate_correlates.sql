-- One row per excluded duplicate, theme, topic and construct: the answers that fct_respondent_correlate leaves out.
{{ config(materialized='view') }}
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and is_excluded
),

outcomes as (
    select * from {{ ref('int_outcome_details') }}
    where is_excluded
),

-- From the few excluded respondents, so that the view is read for them alone.
answers as (
    select * from {{ ref('int_coded_cells') }}
    where
        is_primary
        and construct_role in ('correlate', 'demographic')
        and respondent_key in (select respondents.respondent_key from respondents)
),

about_themes as (
    select
        respondent_key,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        answer_score as score
    from answers
    where construct_role = 'correlate' and theme_id is not null
),

about_persons as (
    select
        answers.respondent_key,
        outcomes.theme_id,
        'all' as topic_id,
        answers.construct_id,
        answers.answer_kind,
        answers.answer_score as score
    from answers
    inner join outcomes on answers.respondent_key = outcomes.respondent_key
    where
        answers.construct_id in ('gender', 'age', 'ethnicity')
        or (answers.construct_role = 'correlate' and answers.theme_id is null)
),

final as (
    select * from about_themes
    union all
    select * from about_persons
)

select * from final
