-- One row per council, wave, theme, topic and measure that staff answered: whether the gap between staff and citizens is
-- withheld.
with

gaps as (
    select * from {{ ref('est_staff_gaps') }}
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        {{ missed_minimum('n_staff * staff_level', 'null', 'n_staff') }} as staff_rule_id,
        {{ missed_minimum('n_citizens * citizens_level', 'null', 'n_citizens') }} as citizens_rule_id,
        staff_rule_id is not null or citizens_rule_id is not null as is_withheld
    from gaps
)

select * from final
