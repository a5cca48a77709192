-- One row per council, wave, theme, topic, pair of activity items and their answers: how many citizens have this
-- combination. An item paired with itself is a row too.
with

items_of_topics as (
    select
        * exclude (topic_id),
        unnest(list_distinct([topic_id, 'all'])) as topic_id
    from {{ ref('stg_questions') }}
    where construct_id = 'individual_activity'
),

activities as (
    select
        export_id,
        theme_id,
        topic_id,
        list(question_position order by question_position) as positions,
        list(column_name order by question_position) as column_names
    from items_of_topics
    group by export_id, theme_id, topic_id
),

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and not is_excluded
),

weights as (
    select * from {{ ref('int_weights') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

-- Pairs are many, so the respondents with the same answers to all activities are counted before their answers are paired.
batteries as (
    select
        export_id,
        respondents.council_id,
        respondents.wave_id,
        activities.theme_id,
        activities.topic_id,
        activities.column_names,
        list_select(coded_exports.answer_ids, activities.positions) as answer_ids,
        {{ count_respondents('weights.weight_counted') }}
    from coded_exports
    inner join respondents using (respondent_number, export_id)
    inner join activities using (export_id)
    left join weights using (respondent_number)
    group by all
),

cells as (
    select
        *,
        row_number() over (order by export_id, theme_id, topic_id, answer_ids) as battery_number,
        unnest(answer_ids) as answer_id,
        unnest(column_names) as column_name
    from batteries
),

items as (
    select
        cells.*,
        case when answer_codes.answer_kind = 'valid' then answer_codes.is_positive end as is_positive
    from cells
    left join answer_codes using (answer_id)
    where
        answer_id not in ({{ not_asked_answer() }}, {{ unexpected_answer() }})
        and answer_codes.answer_kind is distinct from 'not_asked'
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
        {{ add_up_respondents('first_items') }}
    from items as first_items
    inner join items as second_items using (battery_number)
    where first_items.column_name <= second_items.column_name
    group by all
)

select * from final
