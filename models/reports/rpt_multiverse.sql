-- One row per council, wave, theme, correlate (topic, construct), outcome and distinct result (n, estimate, p): the
-- correlation under one or more combinations of defensible choices.
with

multiverse as (
    select * from {{ ref('est_multiverse') }}
    qualify {{ is_told_in_multiverse() }}
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

-- Numbered, with its labels: a number is compared and sorted faster than seven texts, and there are many rows to a cell.
cells as (
    select
        found.*,
        surveys.council_label,
        topics.theme_label,
        topics.topic_label,
        constructs.construct_label,
        few_dont_know.council_id is not null as has_few_dont_know,
        surveys.provenance,
        row_number() over (
            order by
                found.outcome_id,
                found.council_id,
                found.wave_id,
                found.theme_id,
                found.construct_id,
                found.topic_id,
                found.weighting_id
        ) as cell_number
    from (
        select distinct
            council_id,
            wave_id,
            theme_id,
            topic_id,
            construct_id,
            outcome_id,
            weighting_id
        from multiverse
    ) as found
    inner join surveys
        on
            found.council_id = surveys.council_id
            and found.wave_id = surveys.wave_id
    inner join topics
        on
            found.theme_id = topics.theme_id
            and found.topic_id = topics.topic_id
    inner join constructs on found.construct_id = constructs.construct_id
    left join few_dont_know
        on
            found.council_id = few_dont_know.council_id
            and found.wave_id = few_dont_know.wave_id
            and found.theme_id = few_dont_know.theme_id
            and found.topic_id = few_dont_know.topic_id
            and found.construct_id = few_dont_know.construct_id
            and found.outcome_id = few_dont_know.outcome_id
),

p_values as (
    select
        cells.cell_number,
        multiverse.specification_number,
        multiverse.n_respondents,
        multiverse.estimate,
        unnest({{ multiverse_p_value_list('multiverse.') }}) as p_value,
        unnest(range(1, 10)) as p_number
    from multiverse
    inner join cells
        on
            multiverse.council_id = cells.council_id
            and multiverse.wave_id = cells.wave_id
            and multiverse.theme_id = cells.theme_id
            and multiverse.topic_id = cells.topic_id
            and multiverse.construct_id = cells.construct_id
            and multiverse.outcome_id = cells.outcome_id
            and multiverse.weighting_id = cells.weighting_id
),

collapsed as (
    select
        cell_number,
        n_respondents,
        {{ compared('estimate') }} as compared_estimate,
        {{ compared('p_value') }} as compared_p_value,
        count(*) as n_specifications,
        min(specification_number * 10 + p_number) as first_specification,
        min(specification_number) as specification_number,
        arg_min(estimate, specification_number * 10 + p_number) as estimate,
        arg_min(p_value, specification_number * 10 + p_number) as p_value
    from p_values
    group by all
),

rules as (
    select distinct
        outcome_id,
        specification_number,
        method_id,
        dont_know_rule_id,
        outcome_rule_id,
        duplicates_rule_id,
        outliers_rule_id
    from multiverse
),

results as (
    select
        cells.*,
        collapsed.n_respondents,
        collapsed.n_specifications,
        collapsed.first_specification,
        collapsed.estimate,
        collapsed.p_value,
        rules.method_id,
        rules.dont_know_rule_id,
        rules.outcome_rule_id,
        rules.duplicates_rule_id,
        rules.outliers_rule_id,
        case
            when not cells.has_few_dont_know or rules.dont_know_rule_id = 'leave_out' then collapsed.n_respondents
        end as n_base
    from collapsed
    inner join cells on collapsed.cell_number = cells.cell_number
    inner join rules
        on
            cells.outcome_id = rules.outcome_id
            and collapsed.specification_number = rules.specification_number
),

final as (
    select
        cell_number,
        council_id,
        council_label,
        wave_id,
        theme_id,
        theme_label,
        topic_id,
        topic_label,
        construct_id,
        construct_label,
        outcome_id,
        {{ outcome_label('outcome_id') }} as outcome_label,
        first_specification,
        method_id,
        dont_know_rule_id,
        outcome_rule_id,
        duplicates_rule_id,
        outliers_rule_id,
        case first_specification % 10
            {%- for p_method_id, _, _ in multiverse_p_values() %}
            when {{ loop.index }} then '{{ p_method_id }}'
            {%- endfor %}
        end as p_method_id,
        case first_specification % 10
            {%- for _, multiplicity_id, _ in multiverse_p_values() %}
            when {{ loop.index }} then '{{ multiplicity_id }}'
            {%- endfor %}
        end as multiplicity_id,
        weighting_id,
        n_specifications,
        {{ reported('estimate', 3, 'n_base') }} as estimate,
        'correlation, -1 to 1' as unit_label,
        {{ unless_withheld('n_respondents', 'n_base') }} as n_respondents,
        {{ reported_p('p_value', 'n_base') }} as p_value,
        case when n_base >= {{ var('minimum_base') }} then {{ stars('p_value') }} else '' end as stars,
        {{ base_flags('n_base') }},
        provenance
    from results
)

select * exclude (cell_number) from final
order by cell_number, first_specification
