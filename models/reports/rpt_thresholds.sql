-- One row per council, wave, theme, topic, construct and outcome: whether the outcome jumps between two answers, beyond
-- a straight line.
with

thresholds as (
    select
        *,
        n_respondents as n_base,
        {{ three_digits('p_value') }} <= 0.05 as is_jump,
        {{ base_flags() }}
    from {{ ref('est_thresholds') }}
),

answer_levels as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        score as threshold,
        answer_name
    from {{ ref('rpt_answer_levels') }}
    where answer_kind = 'valid'
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

final as (
    select
        survey_topics.*,
        construct_id,
        construct_label,
        outcome_id,
        outcome_label,
        weighting_id,
        {{ unless_withheld('threshold') }} as threshold,
        {{ unless_withheld('coalesce(answer_name, cast(threshold as varchar))') }} as threshold_label,
        {{ reported('100 * estimate', 1) }} as estimate,
        {{ label_of('quantity_id', 'jump', 'unit_label') }} as unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported_p('monte_carlo_error') }} as p_value_error,
        {{ reported('100 * power_15_points', 0) }} as power_15_points_pct,
        is_small_base,
        is_withheld,
        withheld_reason,
        {{ unless_withheld('reason') }} as reason,
        case
            when is_withheld then {{ sentence('withheld', {'reason': 'withheld_reason'}) }}
            when reason is not null then {{ sentence('not_tested', {'reason': 'reason'}) }}
            when is_jump and {{ round_half_away('100 * estimate', 1) }} >= 0 then {{ sentence('threshold_higher', {
                'points': printed(round_half_away('100 * estimate', 1), 1), 'answer': 'threshold_label'
            }) }}
            when is_jump then {{ sentence('threshold_lower', {
                'points': printed(round_half_away('-100 * estimate', 1), 1), 'answer': 'threshold_label'
            }) }}
            else {{ sentence('threshold_none', {'power': printed('power_15_points_pct', 0)}) }}
        end as in_words
    from thresholds
    left join answer_levels using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, weighting_id, threshold)
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
)

select * from final
