-- One row per family of tests: how many tests it holds, how many fall below 0.05, and how many would by chance alone.
with

correlates as (
    select * from {{ ref('est_correlates') }}
),

nudge_effects as (
    select * from {{ ref('est_nudge_effects') }}
),

pools as (
    select * from {{ ref('est_pooled') }}
),

staff_gaps as (
    select * from {{ ref('est_staff_gaps') }}
),

thresholds as (
    select * from {{ ref('est_thresholds') }}
),

outcome_gaps as (
    select * from {{ ref('est_outcome_gaps') }}
),

patterns as (
    select * from {{ ref('est_location') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

exports as (
    select * from {{ ref('dim_export') }}
),

-- One synthetic export makes a test synthetic: a council's, any council's, or for a gap to staff the staff's own.
provenances as (
    select
        council_id,
        wave_id,
        false as is_with_staff,
        provenance
    from surveys
    union all
    select
        'all' as council_id,
        wave_id,
        false as is_with_staff,
        max(provenance) as provenance
    from surveys
    group by wave_id
    union all
    select
        council_id,
        wave_id,
        true as is_with_staff,
        max(provenance) as provenance
    from exports
    group by council_id, wave_id
),

tests as (
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        'Correlates of ' || lower({{ outcome_label('outcome_id') }}) || ', ' || method_id as family_label,
        'Benjamini-Hochberg' as adjustment,
        {{ p_value_of_stars() }} as p_value,
        p_value_adjusted,
        n_respondents as n_base
    from correlates
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        'Nudges on ' || lower({{ outcome_label('outcome_id') }}) as family_label,
        'Holm' as adjustment,
        p_value,
        p_value_adjusted,
        least(n_arm, n_control) as n_base
    from nudge_effects
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        case quantity_id when 'nudge' then 'Nudges on ' else 'Correlates of ' end
        || lower({{ outcome_label('outcome_id') }}) || ', pooled over councils, '
        || case theme_id when 'all' then 'all themes together' else 'by theme' end as family_label,
        case quantity_id when 'nudge' then 'Holm' else 'Benjamini-Hochberg' end as adjustment,
        p_value,
        p_value_adjusted,
        n_respondents as n_base
    from pools
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        true as is_with_staff,
        'Gaps between staff and citizens' as family_label,
        'Benjamini-Hochberg' as adjustment,
        p_value,
        p_value_adjusted,
        least(n_staff, n_citizens) as n_base
    from staff_gaps
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        'Thresholds of ' || lower({{ outcome_label('outcome_id') }}) as family_label,
        'Benjamini-Hochberg' as adjustment,
        p_value,
        p_value_adjusted,
        n_respondents as n_base
    from thresholds
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        'Individual above collective co-production' as family_label,
        'Holm' as adjustment,
        p_value,
        p_value_adjusted,
        n_respondents as n_base
    from outcome_gaps
    union all
    select
        family_id,
        weighting_id,
        council_id,
        wave_id,
        false as is_with_staff,
        'Metropolitan areas below the others' as family_label,
        'Holm' as adjustment,
        p_value,
        p_value_adjusted,
        n_smallest as n_base
    from patterns
),

counted as (
    select
        tests.family_id,
        tests.weighting_id,
        max(tests.family_label) as family_label,
        max(tests.adjustment) as adjustment,
        count(tests.p_value) as n_tests,
        -- A withheld result is not given away by a count.
        count(tests.p_value) filter (where tests.n_base < {{ var('minimum_base') }}) as n_withheld,
        count(*) filter (where tests.p_value <= 0.05 and tests.n_base >= {{ var('minimum_base') }}) as n_below,
        count(*) filter (
            where tests.p_value_adjusted <= 0.05 and tests.n_base >= {{ var('minimum_base') }}
        ) as n_below_adjusted,
        max(provenances.provenance) as provenance
    from tests
    inner join provenances
        on
            tests.council_id = provenances.council_id
            and tests.wave_id = provenances.wave_id
            and tests.is_with_staff = provenances.is_with_staff
    where tests.family_id is not null
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
        case when n_tests = 0 then 'nothing was tested; ' else '' end
        || n_below || ' of ' || n_tests || ' below 0.05; ' || {{ printed('0.05 * n_tests', 2) }}
        || ' expected by chance; ' || n_below_adjusted || ' after adjustment' as in_words,
        provenance
    from counted
)

select * from final
order by family_id, weighting_id
