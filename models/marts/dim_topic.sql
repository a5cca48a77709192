-- One row per theme and topic that an export in this build asks about; topic `all` is the whole theme.
with

topics as (
    select * from {{ ref('topics') }}
),

themes as (
    select * from {{ ref('themes') }}
),

questions as (
    select * from {{ ref('dim_question') }}
),

final as (
    select
        theme_id,
        topics.topic_id,
        themes.theme_name as theme_label,
        topics.topic_name as topic_label
    from topics
    inner join themes using (theme_id)
    where
        exists (
            select 1
            from questions
            where
                questions.theme_id = topics.theme_id
                and topics.topic_id in (questions.topic_id, 'all')
        )
)

select * from final
