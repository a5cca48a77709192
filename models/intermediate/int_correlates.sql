-- One row per respondent, theme, topic and construct, excluded respondents too: the answer with which the outcomes are
-- correlated. An answer about the person is repeated for each theme that the respondent was asked about.
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

-- The themes that a respondent was asked about.
themes as (
    select
        respondent_key,
        theme_id
    from {{ ref('int_outcomes') }}
    where topic_id = 'all'
    union
    select
        respondent_key,
        theme_id
    from {{ ref('int_measures') }}
    where topic_id = 'all'
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
    where is_correlate
),

cells as (
    select
        * rename (answer_score as score),
        construct_role = 'correlate' and theme_id is not null as is_about_theme,
        construct_role = 'correlate' or construct_id in (select breakdowns.construct_id from breakdowns) as is_correlate
    from {{ ref('int_coded_cells') }}
    where is_primary
),

correlates as (
    select
        respondent_key,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        score
    from cells
    where is_about_theme
    union all
    select
        respondent_key,
        themes.theme_id,
        'all' as topic_id,
        cells.construct_id,
        cells.answer_kind,
        cells.score
    from cells
    inner join themes using (respondent_key)
    where cells.is_correlate and not cells.is_about_theme
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.is_excluded,
        correlates.*
    from correlates
    inner join respondents using (respondent_key)
)

select * from final
