-- One row per wave, theme, pooled quantity and council (`all`: pooled over the councils): what a forest plot shows.
with

councils as (
    select * from {{ ref('est_pooled_councils') }}
),

pooled as (
    select * from {{ ref('est_pooled') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

themes as (
    select * from {{ ref('dim_theme') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

nudge_arms as (
    select * from {{ ref('dim_nudge_arm') }}
),

council_rows as (
    select
        councils.*,
        surveys.council_label,
        surveys.provenance,
        1 as n_councils
    from councils
    inner join surveys
        on
            councils.council_id = surveys.council_id
            and councils.wave_id = surveys.wave_id
),

provenances as (
    select
        wave_id,
        -- One synthetic council makes the pool synthetic.
        max(provenance) as provenance
    from council_rows
    group by wave_id
),

pooled_rows as (
    select
        pooled.*,
        'All councils' as council_label,
        provenances.provenance
    from pooled
    inner join provenances on pooled.wave_id = provenances.wave_id
),

rows_together as (
    select * from council_rows
    union all by name
    select * from pooled_rows
),

in_units as (
    select
        *,
        n_respondents as n_base,
        -- Levels are shares in the estimates, per cent in reports.
        case quantity_id when 'level' then 100 else 1 end as factor,
        case quantity_id when 'correlate' then 3 when 'nudge' then 1 else 0 end as decimals
    from rows_together
),

rounded as (
    select
        * replace (
            {{ reported('factor * estimate', 'decimals') }} as estimate,
            {{ reported('factor * ci_lower', 'decimals') }} as ci_lower,
            {{ reported('factor * ci_upper', 'decimals') }} as ci_upper,
            {{ reported('factor * ci_lower_modified', 'decimals') }} as ci_lower_modified,
            {{ reported('factor * ci_upper_modified', 'decimals') }} as ci_upper_modified,
            {{ reported('factor * prediction_lower', 'decimals') }} as prediction_lower,
            {{ reported('factor * prediction_upper', 'decimals') }} as prediction_upper,
            {{ reported_p('p_value') }} as p_value,
            {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
            {{ reported_p('p_value_heterogeneity') }} as p_value_heterogeneity,
            {{ unless_withheld('n_respondents') }} as n_respondents,
            {{ unless_withheld('reason') }} as reason
        ),
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value') }} else '' end as stars,
        {{ reported('100 * i_squared', 0) }} as i_squared_pct,
        {{ base_flags() }}
    from in_units
),

final as (
    select
        rounded.council_id,
        rounded.council_label,
        rounded.wave_id,
        rounded.theme_id,
        coalesce(themes.theme_label, 'All themes') as theme_label,
        rounded.topic_id,
        'Whole theme' as topic_label,
        rounded.quantity_id,
        rounded.outcome_id,
        rounded.construct_id,
        rounded.contrast_id,
        rounded.measure_id,
        case rounded.quantity_id
            when 'correlate' then constructs.construct_label || ' with ' || lower({{ outcome_label('rounded.outcome_id') }})
            when 'nudge'
                then
                    coalesce(nudge_arms.arm_label, rounded.contrast_id) || ' against no nudge, '
                    || lower({{ outcome_label('rounded.outcome_id') }})
            else {{ measure_label('rounded.measure_id') }}
        end as quantity_label,
        rounded.weighting_id,
        rounded.estimate,
        case rounded.decimals
            when 3 then {{ printed('rounded.estimate', 3) }}
            when 1 then {{ printed('rounded.estimate', 1) }}
            else {{ printed('rounded.estimate', 0) }}
        end || rounded.stars as estimate_label,
        rounded.stars,
        case rounded.quantity_id
            when 'correlate' then 'correlation, -1 to 1'
            when 'nudge' then 'points of 0-100'
            else 'per cent'
        end as unit_label,
        cast(rounded.n_councils as bigint) as n_councils,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.ci_lower_modified,
        rounded.ci_upper_modified,
        rounded.prediction_lower,
        rounded.prediction_upper,
        rounded.p_value,
        rounded.p_value_adjusted,
        rounded.i_squared_pct,
        rounded.p_value_heterogeneity,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
        rounded.provenance
    from rounded
    left join themes on rounded.theme_id = themes.theme_id
    left join constructs on rounded.construct_id = constructs.construct_id
    left join nudge_arms on rounded.contrast_id = nudge_arms.arm_id
)

select * from final
order by
    wave_id, theme_id, quantity_id, outcome_id, construct_id, contrast_id, measure_id, weighting_id,
    council_id = 'all', council_id
