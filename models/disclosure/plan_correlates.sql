-- One row per council, wave, theme, topic, construct and outcome: whether their correlation is withheld, and what
-- depends on Don't Know.
with

answers as (
    select * from {{ ref('plan_answer_groups') }}
),

-- The share of Don't Know counts all who answered, with or without the outcome.
all_answers as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        coalesce(sum(n_respondents) filter (where answer_kind = 'dont_know'), 0) as n_all_dont_know
    from {{ ref('cnt_correlates') }}
    group by all
),

pairs as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        count(*) filter (where answer_kind = 'valid') as n_answers,
        cast(coalesce(sum(n_respondents) filter (where answer_kind = 'valid'), 0) as bigint) as n_respondents,
        cast(coalesce(sum(n_respondents) filter (where answer_kind = 'dont_know'), 0) as bigint) as n_dont_know,
        coalesce(sum(n_with) filter (where answer_kind = 'valid'), 0) as n_with,
        coalesce(bool_or(rule_id is not null or is_group_withheld) filter (where answer_kind = 'valid'), true)
            as has_small_answer
    from answers
    group by all
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        n_answers,
        coalesce(n_respondents, 0) as n_respondents,
        coalesce(n_dont_know, 0) as n_dont_know,
        -- A correlation is one equation for the counts of its answers. With up to three answers few counts solve it, and
        -- with one or two people who have the outcome only their own answers do.
        coalesce({{ missed_minimum('n_with') }} is not null or (has_small_answer and n_answers <= 3), true) as is_withheld,
        coalesce(not {{ is_divisible('n_respondents') }} or {{ is_few('n_dont_know') }}, true) as is_dont_know_withheld,
        coalesce(
            not {{ is_divisible('n_respondents') }} or {{ is_few('n_dont_know') }} or {{ is_few('n_all_dont_know') }}, true
        ) as is_share_withheld
    from all_answers
    left join pairs using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
)

select * from final
