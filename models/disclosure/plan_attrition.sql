-- One row per compared pair of waves, breakdown and group of the earlier wave: whether the share who answered again is
-- withheld.
with

groups as (
    select
        *,
        n_again as n_with,
        n_respondents - n_again as n_left,
        max(n_respondents) filter (where breakdown_id = 'all') over (
            partition by council_id, earlier_wave_id, wave_id
        ) - n_respondents as n_others
    from {{ ref('cnt_attrition') }}
),

ruled as (
    select
        *,
        case
            when {{ is_few('n_again') }} then 'few_with'
            when {{ is_few('n_left') }} then 'few_without'
            else {{ missed_minimum('n_with', 'n_others') }}
        end as rule_id
    from groups
),

parts as (
    {{ withheld_parts(
        'ruled', whole=['council_id', 'earlier_wave_id', 'wave_id', 'breakdown_id'], parts=['breakdown_value']
    ) | indent(4) }}
),

final as (
    select
        council_id,
        earlier_wave_id,
        wave_id,
        breakdown_id,
        breakdown_value,
        n_respondents,
        n_again,
        rule_id,
        is_withheld
    from parts
)

select * from final
