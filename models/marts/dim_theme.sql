-- One row per theme that an export in this build asks about.
with

topics as (
    select * from {{ ref('dim_topic') }}
),

final as (
    select
        theme_id,
        theme_label
    from topics
    where topic_id = 'all'
)

select * from final
