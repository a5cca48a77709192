-- One row per respondent who takes part, theme, topic and construct: the answer that the outcomes are correlated with.
with

outcomes as (
    select * from {{ ref('fct_respondent_theme') }}
    where topic_id = 'all'
),

answers as (
    select * from {{ ref('int_included_cells') }}
    where is_primary
),

themes_of_respondents as (
    select distinct
        respondent_key,
        theme_id
    from outcomes
),

about_themes as (
    select
        respondent_key,
        council_id,
        wave_id,
        respondent_role,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        answer_score as score
    from answers
    where construct_role = 'correlate' and theme_id is not null
),

-- Gender, age and ethnicity, and what a question asks about the person, go with each theme that they answered.
about_persons as (
    select
        answers.respondent_key,
        answers.council_id,
        answers.wave_id,
        answers.respondent_role,
        themes_of_respondents.theme_id,
        'all' as topic_id,
        answers.construct_id,
        answers.answer_kind,
        answers.answer_score as score
    from answers
    inner join themes_of_respondents on answers.respondent_key = themes_of_respondents.respondent_key
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
