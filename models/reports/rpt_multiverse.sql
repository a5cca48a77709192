-- One row per council, wave, theme, correlate (topic, construct), outcome and distinct result (n, estimate, p): the
-- correlation under one or more combinations of defensible choices.
with

multiverse as (
    select * from {{ ref('est_multiverse') }}
    where dont_know_rule = 'leave_out' or {{ is_divisible() }}
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

-- Results that differ by less than a billionth are one: different sums of the same respondents.
distinct_rows as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        n_respondents,
        round(estimate, 9) as compared_estimate,
        [
            {%- for _, _, column in multiverse_p_values() %}
            round({{ column }}, 9){{ ',' if not loop.last }}
            {%- endfor %}
        ] as compared_p_values,
        count(*) as n_rows,
        min(specification_number) as specification_number,
        arg_min(estimate, specification_number) as estimate,
        arg_min([
            {%- for _, _, column in multiverse_p_values() %}
            {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        ], specification_number) as p_values
    from multiverse
    group by all
),

distinct_p_values as (
    select
        * exclude (compared_p_values, p_values),
        unnest(compared_p_values) as compared_p_value,
        unnest(p_values) as p_value,
        unnest(range(1, 10)) as p_number
    from distinct_rows
),

collapsed as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        n_respondents,
        compared_estimate,
        compared_p_value,
        cast(sum(n_rows) as bigint) as n_specifications,
        min(specification_number * 10 + p_number) as first_specification,
        min(specification_number) as specification_number,
        arg_min(estimate, specification_number * 10 + p_number) as estimate,
        arg_min(p_value, specification_number * 10 + p_number) as p_value
    from distinct_p_values
    group by all
),

-- Results with and without a few who do not know would tell how many they are.
few_dont_know as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id
    from {{ ref('est_dont_know_sensitivity') }}
    where weighting_id = 'unweighted' and n_dont_know > 0 and n_dont_know < {{ var('minimum_base') }}
),

rules as (
    select distinct
        outcome_id,
        specification_number,
        method,
        dont_know_rule,
        outcome_rule,
        duplicates_rule,
        outliers_rule
    from multiverse
),

results as (
    select
        collapsed.*,
        rules.method,
        rules.dont_know_rule,
        rules.outcome_rule,
        rules.duplicates_rule,
        rules.outliers_rule,
        case
            when few_dont_know.council_id is null or rules.dont_know_rule = 'leave_out' then collapsed.n_respondents
        end as n_base
    from collapsed
    inner join rules
        on
            collapsed.outcome_id = rules.outcome_id
            and collapsed.specification_number = rules.specification_number
    left join few_dont_know
        on
            collapsed.council_id = few_dont_know.council_id
            and collapsed.wave_id = few_dont_know.wave_id
            and collapsed.theme_id = few_dont_know.theme_id
            and collapsed.topic_id = few_dont_know.topic_id
            and collapsed.construct_id = few_dont_know.construct_id
            and collapsed.outcome_id = few_dont_know.outcome_id
),

final as (
    select
        results.council_id,
        surveys.council_label,
        results.wave_id,
        results.theme_id,
        topics.theme_label,
        results.topic_id,
        topics.topic_label,
        results.construct_id,
        constructs.construct_label,
        results.outcome_id,
        {{ outcome_label('results.outcome_id') }} as outcome_label,
        results.first_specification,
        results.method,
        results.dont_know_rule,
        results.outcome_rule,
        results.duplicates_rule,
        results.outliers_rule,
        case results.first_specification % 10
            {%- for p_method, _, _ in multiverse_p_values() %}
            when {{ loop.index }} then '{{ p_method }}'
            {%- endfor %}
        end as p_method,
        case results.first_specification % 10
            {%- for _, multiplicity, _ in multiverse_p_values() %}
            when {{ loop.index }} then '{{ multiplicity }}'
            {%- endfor %}
        end as multiplicity,
        results.weighting_id,
        results.n_specifications,
        {{ reported('results.estimate', 3, 'results.n_base') }} as estimate,
        'correlation, -1 to 1' as unit_label,
        {{ unless_withheld('results.n_respondents', 'results.n_base') }} as n_respondents,
        {{ reported_p('results.p_value', 'results.n_base') }} as p_value,
        case when results.n_base >= {{ var('minimum_base') }} then {{ stars('results.p_value') }} else '' end as stars,
        {{ base_flags('results.n_base') }},
        surveys.provenance
    from results
    inner join surveys
        on
            results.council_id = surveys.council_id
            and results.wave_id = surveys.wave_id
    inner join topics
        on
            results.theme_id = topics.theme_id
            and results.topic_id = topics.topic_id
    inner join constructs on results.construct_id = constructs.construct_id
)

select * from final
order by outcome_id, council_id, wave_id, theme_id, construct_id, topic_id, weighting_id, first_specification
