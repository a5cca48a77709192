-- One row per question of a survey, breakdown, group and answer: whether the share of the answer is withheld, and whether
-- the mean and the two highest answers are.
{%- set question = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'respondent_role', 'construct_id', 'column_name', 'scale_id'
] %}
{%- set group = question + ['breakdown_id', 'breakdown_value'] %}
with

groups as (
    select * from {{ ref('plan_question_groups') }}
),

-- In the groups, an answer that nobody gave has no row in the counts.
listed as (
    select distinct
        {{ question | join(', ') }},
        answer_name
    from {{ ref('cnt_answers') }}
    where answer_kind = 'valid' and answer_name is not null
),

given as (
    select
        {{ group | join(', ') }},
        answer_name,
        sum(n_respondents) as n_given
    from {{ ref('cnt_answers') }}
    where answer_kind = 'valid' and answer_name is not null
    group by all
),

-- Of the whole range of scores, the part below the mean and the part above it, times the respondents. No more of them
-- can have given the highest answer, or the lowest.
means as (
    select
        {{ group | join(', ') }},
        sum({{ exact('n_respondents * (score - lowest)') }}) / nullif(max(highest - lowest), 0) as n_above_lowest,
        sum({{ exact('n_respondents * (highest - score)') }}) / nullif(max(highest - lowest), 0) as n_below_highest
    from (
        select
            *,
            min(score) over question as lowest,
            max(score) over question as highest
        from {{ ref('cnt_answers') }}
        where answer_kind = 'valid' and answer_name is not null
        window question as (partition by {{ question | join(', ') }})
    )
    group by all
),

ruled as (
    select
        groups.* exclude (rule_id, is_withheld),
        groups.is_withheld as is_group_withheld,
        answer_name,
        cast(coalesce(given.n_given, 0) as bigint) as n_with,
        case when groups.is_withheld then 'few_people' else {{ missed_minimum('n_with') }} end as rule_id
    from groups
    inner join listed using ({{ question | join(', ') }})
    left join given using ({{ group | join(', ') }}, answer_name)
),

-- Between the groups of a breakdown, all answers of a group are withheld together.
parts as (
    {{ withheld_parts(
        'ruled', whole=question + ['breakdown_id'], parts=['breakdown_value'], measured=['answer_name']
    ) | indent(4) }}
),

-- Among all respondents, a rare answer is withheld with the next rarest, until as many people as a group gave them.
ranked as (
    select
        *,
        row_number() over rarer as number_of_answer,
        sum(n_with) over rarer - n_with as n_rarer,
        bool_or(rule_id is not null) over (partition by {{ group | join(', ') }}) as has_rare_answer
    from parts
    window
        rarer as (
            partition by {{ group | join(', ') }}
            order by rule_id is null, n_with, answer_name
            rows between unbounded preceding and current row
        )
),

final as (
    select
        {{ group | join(', ') }},
        answer_name,
        n_respondents,
        n_with,
        rule_id,
        case
            when breakdown_id <> 'all' or is_measured then is_withheld or is_group_withheld
            else
                rule_id is not null
                or (has_rare_answer and (number_of_answer <= 2 or n_rarer < {{ var('minimum_base') }}))
        end as is_withheld,
        -- With the other answers, the mean of a small survey would reveal a rare answer. Where a group has no shares, a mean
        -- near an end of the scale would say that hardly anybody gave the answers at the other end.
        is_group_withheld
        or (is_withheld and is_measured)
        or (has_rare_answer and breakdown_id = 'all' and not {{ is_divisible() }})
        or (
            is_withheld
            and breakdown_id <> 'all'
            and coalesce(round(least(n_above_lowest, n_below_highest), 6) < {{ var('minimum_base') }} / 2, false)
        ) as is_mean_withheld
    from ranked
    left join means using ({{ group | join(', ') }})
)

select * from final
