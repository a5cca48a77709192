-- One row per family of tests: how many tests it holds, how many fall below 0.05, and how many would by chance alone.
with

correlates as (
    select * from {{ ref('est_correlates') }}
),

nudge_effects as (
    select * from {{ ref('est_nudge_effects') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

tests as (
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        'Correlates of ' || lower({{ outcome_label('outcome_id') }}) || ', ' || method as family_label,
        'Benjamini-Hochberg' as adjustment,
        case
            when method in ('pearson', 'spearman') and weighting_id = 'unweighted' then p_value_t
            else p_value
        end as p_value,
        p_value_adjusted,
        n_respondents as n_base
    from correlates
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        'Nudges on ' || lower({{ outcome_label('outcome_id') }}) as family_label,
        'Holm' as adjustment,
        p_value,
        p_value_adjusted,
        least(n_arm, n_none) as n_base
    from nudge_effects
),

counted as (
    select
        tests.family_id,
        tests.weighting_id,
        max(tests.family_label) as family_label,
        max(tests.adjustment) as adjustment,
        count(*) as n_tests,
        -- A withheld result is not given away by a count.
        count(*) filter (where tests.n_base < {{ var('minimum_base') }}) as n_withheld,
        count(*) filter (where tests.p_value <= 0.05 and tests.n_base >= {{ var('minimum_base') }}) as n_below,
        count(*) filter (
            where tests.p_value_adjusted <= 0.05 and tests.n_base >= {{ var('minimum_base') }}
        ) as n_below_adjusted,
        max(surveys.provenance) as provenance
    from tests
    inner join surveys
        on
            tests.council_id = surveys.council_id
            and tests.wave_id = surveys.wave_id
    where tests.family_id is not null and tests.p_value is not null
    group by tests.family_id, tests.weighting_id
),

final as (
    select
        family_id,
        family_label,
        weighting_id,
        adjustment,
        n_tests,
        n_withheld,
        n_below,
        n_below_adjusted,
        {{ round_half_away('cast(0.05 * n_tests as double)', 2) }} as expected_by_chance,
        n_below || ' of ' || n_tests || ' below 0.05; ' || {{ printed('0.05 * n_tests', 2) }}
        || ' expected by chance; ' || n_below_adjusted || ' after adjustment' as in_words,
        provenance
    from counted
)

select * from final
order by family_id, weighting_id
