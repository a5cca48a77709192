-- One row per council, wave, theme, topic, construct (a correlate, or `nudge` for an experiment) and outcome: whether the
-- weighted correlation or the weighted effects are withheld.
{%- set pair = ['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'outcome_id'] %}
with

surveys as (
    select * from {{ ref('plan_weights') }}
),

raked as (
    select
        respondent_key,
        margin_cell
    from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

-- In most studies nobody is raked; then no outcome is read.
outcomes as (
    select
        measures.* rename (measure_id as outcome_id, measure_value as n_with),
        raked.margin_cell
    from {{ ref('fct_respondent_measure') }} as measures
    inner join raked using (respondent_key)
    where measures.is_outcome and measures.n_answered > 0
),

correlates as (
    select * from {{ ref('fct_respondent_correlate') }}
    where respondent_key in (select raked.respondent_key from raked) and answer_kind = 'valid' and score is not null
),

people as (
    select
        outcomes.council_id,
        outcomes.wave_id,
        theme_id,
        correlates.topic_id,
        correlates.construct_id,
        outcomes.outcome_id,
        cast(correlates.score as varchar) as answer_id,
        outcomes.margin_cell,
        outcomes.n_with
    from outcomes
    inner join correlates using (respondent_key, theme_id)
    where outcomes.topic_id = 'all' and outcomes.construct_id <> correlates.construct_id
    union all
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        'nudge' as construct_id,
        outcome_id,
        arm_id as answer_id,
        margin_cell,
        n_with
    from outcomes
    where arm_id is not null
),

counted as (
    select
        * exclude (n_with),
        count(*) as n_respondents,
        sum({{ exact('n_with') }}) as n_with
    from people
    group by all
),

-- As for the unweighted correlation, few answers make it an equation for few counts.
few_answers as (
    select * from counted
    qualify construct_id = 'nudge' or count(distinct answer_id) over (partition by {{ pair | join(', ') }}) <= 3
),

missed as (
    select
        {{ pair | join(', ') }},
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from ({{ raked_parts('few_answers', pair + ['answer_id']) }})
    union all
    select
        {{ pair | join(', ') }},
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from ({{ raked_parts('counted', pair, is_of_all='true') }})
),

rules as (
    select
        {{ pair | join(', ') }},
        max(rule_id) as rule_id
    from missed
    group by all
),

planned as (
    select {{ pair | join(', ') }} from {{ ref('plan_correlates') }}
    union all by name
    select
        * exclude (withheld_arms, arms_without_bounds, is_experiment_withheld, is_all_missing_withheld),
        'nudge' as construct_id
    from {{ ref('plan_experiments') }}
),

final as (
    select
        {{ pair | join(', ') }},
        rule_id,
        rule_id is not null or are_weights_withheld as are_weights_withheld
    from planned
    inner join surveys using (council_id, wave_id)
    left join rules using ({{ pair | join(', ') }})
)

select * from final
