-- One row per question of a survey, breakdown, group and kind of statistic (answers, mean, missing): whether its weighted
-- results are withheld.
{%- set question = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'respondent_role', 'construct_id', 'column_name', 'scale_id'
] %}
{%- set group = question + ['breakdown_id', 'breakdown_value'] %}
{%- set is_of_all = "breakdown_id = 'all'" %}
with

surveys as (
    select * from {{ ref('plan_weights') }}
),

counts as (
    select
        {{ group | join(', ') }},
        answer_kind,
        coalesce(answer_name, cast(score as varchar)) as answer_name,
        margin_cell,
        n_respondents,
        n_respondents as n_with
    from {{ ref('cnt_answers') }}
    where answer_kind in ('valid', 'dont_know', 'refused')
),

given as (
    select * from counts
    where answer_kind = 'valid' and n_respondents > 0
),

raked as (
    {{ raked_parts('given', group, is_of_all, ['answer_name']) | indent(4) }}
),

not_given as (
    select * from counts
    where answer_kind <> 'valid'
),

raked_missing as (
    {{ raked_parts('not_given', group, is_of_all, ['answer_kind']) | indent(4) }}
),

missed as (
    select
        {{ group | join(', ') }},
        'answers' as kind_id,
        {{ missed_minimum('n_with', 'n_others', 'n_in_part') }} as rule_id
    from raked
    union all
    -- An answer that nobody in the part gave has no row.
    select
        {{ group | join(', ') }},
        'answers' as kind_id,
        'few_with' as rule_id
    from raked
    group by {{ group | join(', ') }}, variable_number
    having count(*) < count(distinct answer_name) * count(distinct raked_part)
    union all
    select
        {{ group | join(', ') }},
        'mean' as kind_id,
        case when n_in_part < {{ var('minimum_base') }} then 'few_people' when {{ is_few('n_others') }} then 'few_others' end
            as rule_id
    from raked
    union all
    select
        {{ group | join(', ') }},
        'missing' as kind_id,
        case when {{ is_few('n_respondents') }} then 'few_dont_know' end as rule_id
    from raked_missing
),

-- Only the number of people decides what is withheld next, so half of them count as having the outcome.
groups as (
    select
        {{ group | join(', ') }},
        cast(coalesce(sum(n_respondents) filter (where answer_kind = 'valid'), 0) as bigint) as n_respondents,
        coalesce(sum(n_respondents) filter (where answer_kind = 'valid'), 0) / 2 as n_with,
        unnest(['answers', 'mean', 'missing']) as kind_id
    from counts
    group by {{ group | join(', ') }}
),

rules as (
    select
        {{ group | join(', ') }},
        kind_id,
        max(rule_id) as rule_id
    from missed
    group by all
),

ruled as (
    select * from groups
    left join rules using ({{ group | join(', ') }}, kind_id)
),

parts as (
    {{ withheld_parts('ruled', whole=question + ['breakdown_id', 'kind_id'], parts=['breakdown_value']) | indent(4) }}
),

final as (
    select
        {{ group | join(', ') }},
        kind_id,
        rule_id,
        is_withheld or are_weights_withheld as are_weights_withheld
    from parts
    inner join surveys using (council_id, wave_id)
)

select * from final
