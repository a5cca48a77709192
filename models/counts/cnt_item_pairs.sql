-- One row per council, wave, theme, topic, pair of activity items and their answers: how many citizens have this
-- combination. An item paired with itself is a row too.
with

items as (
    select
        respondent_key,
        council_id,
        wave_id,
        theme_id,
        unnest(list_distinct([topic_id, 'all'])) as topic_id,
        column_name,
        weight,
        case when answer_kind = 'valid' then is_positive end as is_positive
    from {{ ref('int_included_cells') }}
    where respondent_role = 'citizen' and construct_id = 'individual_activity' and answer_kind <> 'not_asked'
),

final as (
    select
        first_items.council_id,
        first_items.wave_id,
        theme_id,
        topic_id,
        first_items.column_name as item_a,
        second_items.column_name as item_b,
        first_items.is_positive as is_positive_a,
        second_items.is_positive as is_positive_b,
        {{ count_respondents('first_items.weight') }}
    from items as first_items
    inner join items as second_items using (respondent_key, theme_id, topic_id)
    where first_items.column_name <= second_items.column_name
    group by all
)

select * from final
