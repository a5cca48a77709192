-- One row per claimed column and theme with whose outcomes its answers are correlated. A question about the person is
-- repeated for each theme of the export.
with

questions as (
    select * from {{ ref('stg_questions') }}
),

breakdowns as (
    select * from {{ ref('stg_breakdowns') }}
    where is_correlate
),

themes as (
    select
        questions.export_id,
        theme_id,
        bool_or(questions.construct_role = 'outcome') as has_outcome
    from questions
    left join {{ ref('int_measured_columns') }} as measured_columns using (column_number, theme_id)
    where questions.construct_role = 'outcome' or measured_columns.topic_id = 'all'
    group by questions.export_id, theme_id
),

correlates as (
    select
        *,
        construct_role = 'correlate' and theme_id is not null as is_about_theme
    from questions
    where
        is_primary
        and (construct_role = 'correlate' or construct_id in (select breakdowns.construct_id from breakdowns))
),

by_theme as (
    select
        column_number,
        theme_id,
        topic_id,
        construct_id,
        true as is_for_everybody
    from correlates
    where is_about_theme
    union all
    select
        correlates.column_number,
        themes.theme_id,
        'all' as topic_id,
        correlates.construct_id,
        themes.has_outcome as is_for_everybody
    from correlates
    inner join themes using (export_id)
    where not correlates.is_about_theme
),

final as (
    select
        column_number,
        cast(dense_rank() over (order by theme_id, topic_id, construct_id) as smallint) as correlate_number,
        * exclude (column_number)
    from by_theme
)

select * from final
