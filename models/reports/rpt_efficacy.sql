-- One row per council, wave, theme, topic, outcome and comparison: political compared with personal self-efficacy, if a
-- survey asks both.
with

efficacy as (
    select
        *,
        n_respondents as n_base,
        comparison_id = 'difference' as is_difference,
        {{ three_digits('p_value') }} <= 0.05 as is_significant,
        {{ base_flags() }}
    from {{ ref('est_efficacy') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

comparisons as (
    {{ labels_of('comparison_id') }}
),

final as (
    select
        survey_topics.*,
        outcome_id,
        outcome_label,
        comparison_id,
        comparison_label,
        weighting_id,
        {{ reported('estimate', 3) }} as estimate,
        comparisons.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        is_small_base,
        is_withheld,
        withheld_reason,
        {{ unless_withheld('reason') }} as reason,
        case
            when is_withheld then {{ sentence('withheld', {'reason': 'withheld_reason'}) }}
            when reason is not null then {{ sentence('not_tested', {'reason': 'reason'}) }}
            when is_significant and is_difference and {{ round_half_away('estimate', 3) }} > 0 then {{ sentence('efficacy_political_more') }}
            when is_significant and is_difference then {{ sentence('efficacy_personal_more') }}
            when is_difference then {{ sentence('efficacy_no_difference') }}
            when is_significant and {{ round_half_away('estimate', 3) }} >= 0 then {{ sentence('efficacy_both_high') }}
            when is_significant then {{ sentence('efficacy_one_high') }}
            else {{ sentence('efficacy_apart') }}
        end as in_words
    from efficacy
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join outcomes using (outcome_id)
    left join comparisons using (comparison_id)
)

select * from final
