-- One row per study, family of tests and weighting: its number of tests, how many have p at or
-- below 0.05, and how many chance alone would give.
with

tests as (
    select * from {{ ref('rpt_tests') }}
),

families as (
    select * from {{ ref('dim_family') }}
),

-- Where a study is one survey, its rows are about that survey and have its council and wave.
studies as (
    select
        study_id,
        study_label,
        case when max(n_surveys) = 1 then max(council_id) else 'all' end as council_id,
        case when count(distinct wave_id) = 1 then max(wave_id) else 'all' end as wave_id
    from {{ ref('dim_study') }}
    group by study_id, study_label
    union all
    select
        'all' as study_id,
        {{ label_of('study_id', 'all') }} as study_label,
        'all' as council_id,
        'all' as wave_id
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
        tests.study_id,
        tests.family_id,
        tests.weighting_id,
        count(tests.p_value) as n_tests,
        count(tests.p_value) filter (where tests.is_result_withheld) as n_withheld,
        count(*) filter (where tests.p_value <= 0.05 and not tests.is_result_withheld) as n_below,
        count(*) filter (where tests.p_value_adjusted <= 0.05 and not tests.is_result_withheld) as n_below_adjusted,
        {{ round_half_away('cast(0.05 * count(tests.p_value) as double)', 2) }} as expected_by_chance,
        max(provenances.provenance) as provenance
    from tests
    inner join provenances using (council_id, wave_id, is_with_staff)
    group by tests.study_id, tests.family_id, tests.weighting_id
),

final as (
    select
        counted.*,
        studies.study_label,
        studies.council_id,
        studies.wave_id,
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
    inner join studies using (study_id)
)

select * from final
