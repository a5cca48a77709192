-- One row per council, wave, theme, topic, pair of activity items and their answers: how many citizens combine them. An
-- item with itself is a pair too.
with

items as (
    select
        respondent_key,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        column_name,
        weight,
        case when answer_kind = 'valid' then is_positive end as is_positive
    from {{ ref('int_included_cells') }}
    where respondent_role = 'citizen' and construct_id = 'individual_activity' and answer_kind <> 'not_asked'
),

items_by_topic as (
    select * from items
    where topic_id <> 'all'
    union all
    select * replace ('all' as topic_id) from items
),

final as (
    select
        first_items.council_id,
        first_items.wave_id,
        first_items.theme_id,
        first_items.topic_id,
        first_items.column_name as item_a,
        second_items.column_name as item_b,
        first_items.is_positive as is_positive_a,
        second_items.is_positive as is_positive_b,
        {{ count_respondents('first_items.weight') }}
    from items_by_topic as first_items
    inner join items_by_topic as second_items
        on
            first_items.respondent_key = second_items.respondent_key
            and first_items.theme_id = second_items.theme_id
            and first_items.topic_id = second_items.topic_id
            and first_items.column_name <= second_items.column_name
    group by all
)

select * from final
