-- One row per council, wave, theme, topic, outcome and alternative: whether the level under another definition of the
-- outcome is withheld.
with

alternatives as (
    select * from {{ ref('est_index_alternatives') }}
),

ruled as (
    select
        *,
        abs(
            n_respondents - max(n_respondents) filter (where alternative_id = 'sometimes_or_often') over (
                partition by council_id, wave_id, theme_id, topic_id, outcome_id
            )
        ) as n_added,
        {{ missed_minimum('n_respondents * estimate') }} as rule_id
    from alternatives
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        alternative_id,
        case when {{ is_few('n_added') }} then 'few_dont_know' else rule_id end as rule_id,
        rule_id is not null or {{ is_few('n_added') }} as is_withheld
    from ruled
)

select * from final
