-- One row per respondent, theme, topic and construct, excluded respondents too: the answer with which the outcomes are
-- correlated. An answer about the person is repeated for each theme that the respondent was asked about.
with

-- The themes that a respondent was asked about.
themes as (
    select
        respondent_number,
        theme_id
    from {{ ref('int_outcomes') }}
    where topic_id = 'all'
    union
    select
        measure_values.respondent_number,
        measured_columns.theme_id
    from {{ ref('int_measure_values') }} as measure_values
    inner join {{ ref('int_measured_columns') }} as measured_columns using (measure_number)
    where measured_columns.topic_id = 'all'
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

final as (
    select
        respondent_number,
        theme_id,
        topic_id,
        construct_id,
        answer_kind,
        score
    from cells
    where is_about_theme
    union all
    select
        respondent_number,
        themes.theme_id,
        'all' as topic_id,
        cells.construct_id,
        cells.answer_kind,
        cells.score
    from cells
    inner join themes using (respondent_number)
    where cells.is_correlate and not cells.is_about_theme
)

select * from final
