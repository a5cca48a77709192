-- One row per council, wave, theme, correlate (topic, construct), outcome, method and weighting: the correlation with its
-- stars, as in Tables 3 and 4 of the paper.
with

plan as (
    select * exclude (n_answers, n_respondents, n_dont_know) from {{ ref('plan_correlates') }}
),

weights as (
    select * exclude (rule_id) from {{ ref('plan_weighted_outcomes') }}
),

correlates as (
    select
        * exclude (is_withheld),
        case
            when not is_withheld and (weighting_id = 'unweighted' or not are_weights_withheld) then n_respondents
        end as n_shown,
        {{ effective_base('n_shown', 'n_effective') }} as n_base,
        -- From the share, a reader could compute how many do not know.
        case when not (is_withheld or is_share_withheld) then n_shown end as n_behind_share,
        {{ p_value_of_stars() }} as p_value_of_stars
    from {{ ref('est_correlates') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
    inner join weights using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
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

methods as (
    {{ labels_of('method_id') }}
),

starred as (
    select
        *,
        {{ reported('estimate', 3) }} as rounded_estimate,
        {{ reported_stars('p_value_of_stars') }} as stars,
        -- A method that leaves out the design of the sample has no p.
        rounded_estimate is not null and coalesce(std_error_type, '') <> 'none' as has_stars
    from correlates
),

final as (
    select
        survey_topics.*,
        construct_id,
        construct_label,
        outcome_id,
        outcome_label,
        method_id,
        weighting_id,
        rounded_estimate as estimate,
        {{ printed('rounded_estimate', 3) }} || stars as estimate_label,
        stars,
        methods.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('n_effective', 0) }} as n_effective,
        {{ reported('design_effect', 1) }} as design_effect,
        std_error_type,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported_p('p_value_t') }} as p_value_t,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported('dont_know_share', 3, 'n_behind_share') }} as dont_know_share,
        case
            when weighting_id = 'unweighted'
                then
                    min(rounded_estimate) over methods_of_one < 0 and max(rounded_estimate) over methods_of_one > 0
                    or min(stars) filter (where has_stars) over methods_of_one
                    <> max(stars) filter (where has_stars) over methods_of_one
        end as is_sensitive_to_method,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason
    from starred
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
    left join methods using (method_id)
    window
        methods_of_one as (
            partition by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, weighting_id
        )
)

select * from final
