-- One row per council, wave, theme, topic, construct and outcome: whether the outcome jumps between two answers, beyond
-- a straight line.
with

thresholds as (
    select
        *,
        n_respondents as n_base
    from {{ ref('est_thresholds') }}
),

answer_levels as (
    select * from {{ ref('rpt_answer_levels') }}
    where answer_kind = 'valid'
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        {{ unless_withheld('threshold') }} as threshold,
        {{ reported('100 * estimate', 1) }} as estimate,
        {{ reported_p('p_value') }} as p_value,
        {{ reported_p('p_value_adjusted') }} as p_value_adjusted,
        {{ reported_p('monte_carlo_error') }} as p_value_error,
        {{ reported('100 * power_15_points', 0) }} as power_15_points_pct,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from thresholds
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        topics.theme_label,
        rounded.topic_id,
        topics.topic_label,
        rounded.construct_id,
        constructs.construct_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.weighting_id,
        rounded.threshold,
        coalesce(answer_levels.answer_name, cast(rounded.threshold as varchar)) as threshold_label,
        rounded.estimate,
        'points of 0-100' as unit_label,
        rounded.n_respondents,
        rounded.p_value,
        rounded.p_value_adjusted,
        rounded.p_value_error,
        rounded.power_15_points_pct,
        case
            when rounded.is_withheld then 'withheld: ' || rounded.withheld_reason
            when rounded.reason is not null then 'not tested: ' || rounded.reason
            when rounded.p_value <= 0.05
                then
                    'beyond a straight line, the outcome is ' || {{ printed('abs(rounded.estimate)', 1) }} || ' points '
                    || case when rounded.estimate >= 0 then 'higher' else 'lower' end || ' above "'
                    || coalesce(answer_levels.answer_name, cast(rounded.threshold as varchar))
                    || '"; as the largest of several jumps it is too large on average'
            else
                'no jump is seen; one of 15 points would have been seen with a chance of '
                || {{ printed('rounded.power_15_points_pct', 0) }} || ' per cent'
        end as in_words,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    inner join constructs on rounded.construct_id = constructs.construct_id
    left join answer_levels
        on
            rounded.council_id = answer_levels.council_id
            and rounded.wave_id = answer_levels.wave_id
            and rounded.theme_id = answer_levels.theme_id
            and rounded.topic_id = answer_levels.topic_id
            and rounded.construct_id = answer_levels.construct_id
            and rounded.outcome_id = answer_levels.outcome_id
            and rounded.weighting_id = answer_levels.weighting_id
            and rounded.threshold = answer_levels.score
)

select * from final
order by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, weighting_id
