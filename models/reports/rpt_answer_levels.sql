-- One row per council, wave, theme, topic, construct, outcome and answer (kind, score): the mean outcome of the
-- respondents who gave this answer.
with

correlates as (
    select * from {{ ref('est_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted' and {{ is_divisible() }}
),

levels as (
    select estimates.*
    from {{ ref('est_answer_levels') }} as estimates
    inner join correlates using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
),

-- If rpt_levels withholds a group of a breakdown, this report withholds it too.
withheld_groups as (
    select
        council_id,
        wave_id,
        theme_id,
        measure_id as outcome_id,
        breakdown_id,
        breakdown_value,
        true as is_group_withheld
    from {{ ref('rpt_levels') }}
    where topic_id = 'all' and is_withheld and weighting_id = 'unweighted'
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

answer_names as (
    select * from {{ ref('dim_answer_name') }}
),

-- All valid answers together are the respondents of the correlation, so subtracting all answers but one reveals that
-- one. The number who do not know is not hidden, because the share of Don't Know reveals it.
parts as (
    {{ withheld_parts(
        'levels',
        whole=['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'outcome_id'],
        parts=['answer_kind', 'score'],
        is_known_elsewhere="answer_kind <> 'valid'"
    ) | indent(4) }}
),

protected as (
    select
        *,
        case when not is_part_withheld and is_group_withheld is null then n_respondents end as n_base
    from parts
    left join answer_names using (council_id, wave_id, theme_id, topic_id, construct_id, score)
    left join withheld_groups using (council_id, wave_id, theme_id, outcome_id, breakdown_id, breakdown_value)
),

final as (
    select
        survey_topics.*,
        construct_id,
        construct_label,
        outcome_id,
        outcome_label,
        answer_kind,
        score,
        case answer_kind
            when 'dont_know' then {{ label_of('answer_kind', 'dont_know') }}
            else coalesce(answer_name, cast(score as varchar))
        end as answer_name,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        {{ base_flags() }},
        {{ unless_withheld('reason') }} as reason
    from protected
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
)

select * from final
