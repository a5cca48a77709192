-- One row per council, wave, theme, topic, construct, outcome and choice of respondents and readings of the multiverse:
-- whether the correlation is withheld, because few people more or fewer are in it.
{%- set pair = 'council_id, wave_id, theme_id, topic_id, construct_id, outcome_id' %}
with

-- Every method is computed from the same respondents.
specifications as (
    select * from {{ ref('est_multiverse') }}
    where method_id = 'pearson'
),

-- Specifications are numbered so that the paper's choice comes first on each axis.
compared as (
    select
        *,
        abs(n_respondents - first_value(n_respondents) over by_dont_know) as n_by_dont_know,
        abs(n_respondents - first_value(n_respondents) over by_outcome) as n_by_outcome,
        abs(n_respondents - first_value(n_respondents) over by_duplicates) as n_by_duplicates,
        abs(n_respondents - first_value(n_respondents) over by_outliers) as n_by_outliers
    from specifications
    window
        by_dont_know as (
            partition by {{ pair }}, outcome_rule_id, duplicates_rule_id, outliers_rule_id
            order by specification_number
        ),
        by_outcome as (
            partition by {{ pair }}, dont_know_rule_id, duplicates_rule_id, outliers_rule_id
            order by specification_number
        ),
        by_duplicates as (
            partition by {{ pair }}, dont_know_rule_id, outcome_rule_id, outliers_rule_id
            order by specification_number
        ),
        by_outliers as (
            partition by {{ pair }}, dont_know_rule_id, outcome_rule_id, duplicates_rule_id
            order by specification_number
        )
),

-- With one person more, two correlations reveal what that person answered.
final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        dont_know_rule_id,
        outcome_rule_id,
        duplicates_rule_id,
        outliers_rule_id,
        n_respondents,
        {{ is_few('n_by_dont_know') }}
        or {{ is_few('n_by_outcome') }}
        or {{ is_few('n_by_duplicates') }}
        or {{ is_few('n_by_outliers') }} as is_withheld
    from compared
)

select * from final
