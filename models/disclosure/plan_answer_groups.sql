-- One row per council, wave, theme, topic, construct, outcome and answer (kind, score): whether the outcome of those who
-- gave the answer is withheld.
with

pairs as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        answer_kind,
        score,
        cast(sum(n_respondents) as bigint) as n_respondents,
        sum({{ exact('n_respondents * n_positive / n_answered') }}) as n_with
    from {{ ref('cnt_correlates') }}
    where n_answered > 0 and (answer_kind = 'dont_know' or (answer_kind = 'valid' and score is not null))
    group by all
),

answer_names as (
    select * from {{ ref('dim_answer_name') }}
),

groups as (
    select
        * exclude (topic_id, measure_id, construct_id, n_respondents, n_with, rule_id, is_withheld),
        measure_id as outcome_id,
        is_withheld as is_group_withheld
    from {{ ref('plan_groups') }}
    where topic_id = 'all'
),

ruled as (
    select
        *,
        sum(n_respondents) filter (where answer_kind = 'valid') over (
            partition by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id
        ) as n_of_pair,
        case answer_kind when 'valid' then n_of_pair - n_respondents end as n_others,
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from pairs
),

-- All valid answers together are the respondents of the correlation, so subtracting all answers but one reveals that
-- one. The number who do not know is not hidden, because the share of Don't Know reveals it.
parts as (
    {{ withheld_parts(
        'ruled',
        whole=['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'outcome_id'],
        parts=['answer_kind', 'score'],
        is_known_elsewhere="answer_kind <> 'valid'"
    ) | indent(4) }}
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        answer_kind,
        score,
        n_respondents,
        n_with,
        rule_id,
        -- In a smaller survey the groups by answer would be tiny.
        is_withheld or coalesce(is_group_withheld, false) or not {{ is_divisible('n_of_pair') }} as is_withheld,
        coalesce(is_group_withheld, false) as is_group_withheld
    from parts
    left join answer_names using (council_id, wave_id, theme_id, topic_id, construct_id, score)
    left join groups using (council_id, wave_id, theme_id, outcome_id, breakdown_id, breakdown_value)
)

select * from final
