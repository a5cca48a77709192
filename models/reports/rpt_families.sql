-- One row per family of tests: its number of tests, how many have p at or below 0.05, and how many chance alone would
-- give.
with

tests as (
    select * from {{ ref('rpt_tests') }}
),

families as (
    select * from {{ ref('dim_family') }}
),

-- A test counts as synthetic if one of its exports is synthetic. Comparisons of staff and citizens also read the
-- exports of staff.
provenances as (
    select
        council_id,
        wave_id,
        provenance,
        false as is_with_staff
    from {{ ref('dim_survey_topic') }}
    where theme_id = 'all'
    union all
    select
        council_id,
        wave_id,
        max(provenance) as provenance,
        true as is_with_staff
    from {{ ref('dim_export') }}
    group by council_id, wave_id
),

-- Withheld results are not counted below 0.05, because the count would reveal them.
counted as (
    select
        tests.family_id,
        tests.weighting_id,
        count(tests.p_value) as n_tests,
        count(tests.p_value) filter (where tests.n_base < {{ var('minimum_base') }}) as n_withheld,
        count(*) filter (where tests.p_value <= 0.05 and tests.n_base >= {{ var('minimum_base') }}) as n_below,
        count(*) filter (
            where tests.p_value_adjusted <= 0.05 and tests.n_base >= {{ var('minimum_base') }}
        ) as n_below_adjusted,
        {{ round_half_away('cast(0.05 * count(tests.p_value) as double)', 2) }} as expected_by_chance,
        max(provenances.provenance) as provenance
    from tests
    inner join provenances using (council_id, wave_id, is_with_staff)
    group by tests.family_id, tests.weighting_id
),

final as (
    select
        counted.*,
        families.family_label,
        families.adjustment_id,
        families.adjustment_label,
        {{ filled("case when counted.n_tests > 0 then " ~ sentence('family_found') ~ " else " ~ sentence('family_empty') ~ " end", {
            'n_below': 'counted.n_below',
            'n_tests': 'counted.n_tests',
            'by_chance': printed('counted.expected_by_chance', 2),
            'n_below_adjusted': 'counted.n_below_adjusted',
        }) }} as in_words
    from counted
    inner join families using (family_id)
)

select * from final
