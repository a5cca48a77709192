-- One row per wave, theme, pooled quantity and council (`all`: pooled over the councils): the rows of a forest plot.
with

estimates as (
    select
        *,
        1 as n_councils
    from {{ ref('est_pooled_councils') }}
    union all by name
    select * from {{ ref('est_pooled') }}
),

plan as (
    select
        * exclude (outcome_id, construct_id, contrast_id, measure_id),
        row(outcome_id, construct_id, contrast_id, measure_id) as quantity
    from {{ ref('plan_pooled') }}
),

weights as (
    select
        wave_id,
        bool_or(are_weights_withheld) as are_weights_withheld
    from {{ ref('plan_weights') }}
    group by all
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

measures as (
    {{ labels_of('measure_id') }}
),

contrasts as (
    {{ labels_of('contrast_id') }}
),

quantities as (
    {{ labels_of('quantity_id') }}
),

in_units as (
    select
        estimates.*,
        quantities.*,
        case
            when not plan.is_withheld and (weighting_id = 'unweighted' or not are_weights_withheld)
                then n_respondents
        end as n_base,
        -- Estimates give levels as shares; reports give them in per cent.
        case quantity_id when 'level' then 100 else 1 end as factor
    from estimates
    inner join plan
        on
            estimates.council_id = plan.council_id
            and estimates.wave_id = plan.wave_id
            and estimates.theme_id = plan.theme_id
            and row(estimates.outcome_id, estimates.construct_id, estimates.contrast_id, estimates.measure_id)
            is not distinct from plan.quantity
    inner join weights on estimates.wave_id = weights.wave_id
    left join quantities using (quantity_id)
),

rounded as (
    select
        * replace (
            {{ reported('factor * estimate', 'decimals') }} as estimate,
            {{ reported('factor * ci_lower', 'decimals') }} as ci_lower,
            {{ reported('factor * ci_upper', 'decimals') }} as ci_upper,
            {{ reported('factor * prediction_lower', 'decimals') }} as prediction_lower,
            {{ reported('factor * prediction_upper', 'decimals') }} as prediction_upper,
            {{ reported_p('p_value') }} as p_value,
            {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
            {{ reported_p('p_value_heterogeneity') }} as p_value_heterogeneity,
            {{ unless_withheld('n_respondents') }} as n_respondents,
            {{ unless_withheld('reason') }} as reason
        ),
        {{ reported_stars('p_value') }} as stars,
        {{ reported('100 * i_squared', 0) }} as i_squared_pct,
        {{ base_flags() }}
    from in_units
),

final as (
    select
        survey_topics.*,
        quantity_id,
        outcome_id,
        construct_id,
        contrast_id,
        measure_id,
        case quantity_id
            when 'correlate'
                then {{ sentence('pooled_correlate', {'construct': 'construct_label', 'outcome': 'lower(outcome_label)'}) }}
            when 'nudge'
                then {{ sentence('pooled_nudge', {'contrast': 'contrast_label', 'outcome': 'lower(outcome_label)'}) }}
            else measure_label
        end as quantity_label,
        weighting_id,
        estimate,
        printf('%.' || rounded.decimals || 'f', estimate) || stars as estimate_label,
        stars,
        rounded.unit_label,
        cast(n_councils as bigint) as n_councils,
        n_respondents,
        ci_lower,
        ci_upper,
        prediction_lower,
        prediction_upper,
        p_value,
        p_value_adjusted,
        i_squared_pct,
        p_value_heterogeneity,
        is_small_base,
        is_withheld,
        withheld_reason,
        reason
    from rounded
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join constructs using (construct_id)
    left join outcomes using (outcome_id)
    left join contrasts using (contrast_id)
    left join measures using (measure_id)
)

select * from final
