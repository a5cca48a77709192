-- One row per question of a survey, breakdown and group: whether all answers of the group, or only its shares of Don't
-- Know and refusals, are withheld.
{%- set question = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'respondent_role', 'construct_id', 'column_name', 'scale_id'
] %}
with

answers as (
    select * from {{ ref('cnt_answers') }}
),

-- Only the number of people decides here, so half of them count as having the outcome.
groups as (
    select
        {{ question | join(', ') }},
        breakdown_id,
        breakdown_value,
        cast(coalesce(sum(n_respondents) filter (where answer_kind = 'valid'), 0) as bigint) as n_respondents,
        coalesce(sum(n_respondents) filter (where answer_kind = 'valid'), 0) / 2 as n_with,
        coalesce(sum(n_respondents) filter (where answer_kind = 'dont_know'), 0) as n_dont_know,
        coalesce(sum(n_respondents) filter (where answer_kind = 'refused'), 0) as n_refused
    from answers
    group by all
),

ruled as (
    select
        *,
        max(n_respondents) filter (where breakdown_id = 'all') over question - n_respondents as n_others,
        bool_or(
            {{ is_few('n_dont_know') }}
            or {{ is_few('n_refused') }}
            or breakdown_id = 'all' and not {{ is_divisible() }}
        ) over (partition by {{ question | join(', ') }}, breakdown_id) as has_few_missing,
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from groups
    window question as (partition by {{ question | join(', ') }})
),

parts as (
    {{ withheld_parts('ruled', whole=question + ['breakdown_id'], parts=['breakdown_value']) | indent(4) }}
),

-- A measure of the same question says the same about the same people.
measured as (
    select
        council_id,
        wave_id,
        theme_id,
        construct_id,
        breakdown_id,
        breakdown_value,
        'citizen' as respondent_role,
        bool_or(is_withheld) as is_measure_withheld
    from {{ ref('plan_groups') }}
    group by all
),

final as (
    select
        {{ question | join(', ') }},
        breakdown_id,
        breakdown_value,
        n_respondents,
        rule_id,
        is_withheld or coalesce(is_measure_withheld, false) as is_withheld,
        has_few_missing
        or bool_or(has_few_missing and breakdown_id = 'all') over (
            partition by {{ question | join(', ') }}
        ) as is_missing_withheld,
        is_measure_withheld is not null as is_measured
    from parts
    left join measured
        using (council_id, wave_id, theme_id, construct_id, breakdown_id, breakdown_value, respondent_role)
)

select * from final
