-- One row per council, wave, theme, topic and measure that staff answered: whether the gap between staff and citizens is
-- withheld.
with

gaps as (
    select * from {{ ref('est_staff_gaps') }}
),

measures as (
    select
        measure_id,
        construct_id
    from {{ ref('dim_measure') }}
),

ruled as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        {{ missed_minimum('n_staff * staff_level', 'null', 'n_staff') }} as staff_rule_id,
        {{ missed_minimum('n_citizens * citizens_level', 'null', 'n_citizens') }} as citizens_rule_id,
        coalesce(measures.construct_id, measure_id) as construct_id
    from gaps
    left join measures using (measure_id)
),

-- Often and sometimes add up to taking part, so the measures of one question are withheld together.
final as (
    select
        * exclude (construct_id),
        bool_or(staff_rule_id is not null or citizens_rule_id is not null) over (
            partition by council_id, wave_id, theme_id, topic_id, construct_id
        ) as is_withheld
    from ruled
)

select * from final
