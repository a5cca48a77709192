-- One row per council, wave, theme, topic, outcome and alternative: the level under another definition of the outcome.
with

plan as (
    select * exclude (rule_id) from {{ ref('plan_alternatives') }}
),

index_alternatives as (
    select
        * exclude (is_withheld),
        case when not is_withheld then n_respondents end as n_base
    from {{ ref('est_index_alternatives') }}
    inner join plan using (council_id, wave_id, theme_id, topic_id, outcome_id, alternative_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

alternatives as (
    {{ labels_of('alternative_id') }}
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        alternative_id,
        alternative_label,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        alternatives.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        {{ reported('100 * difference', 1) }} as difference_points,
        {{ base_flags() }},
        {{ unless_withheld('reason') }} as reason
    from index_alternatives
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join outcomes using (outcome_id)
    left join alternatives using (alternative_id)
)

select * from final
