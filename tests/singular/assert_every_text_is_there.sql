-- Returns a row for each report and column in which a label or a sentence of the codebook is missing.
{%- set texts = {
    'rpt_answer_levels': ['outcome_label', 'unit_label'],
    'rpt_answer_shares': ['statistic_label', 'unit_label'],
    'rpt_attrition': ['unit_label'],
    'rpt_changes': ['comparison_label', 'measure_label', 'sample_label', 'unit_label', 'weighting_label'],
    'rpt_correlate_areas': ['in_words'],
    'rpt_correlates': ['outcome_label', 'unit_label'],
    'rpt_dont_know_sensitivity': ['outcome_label', 'unit_label'],
    'rpt_efficacy': ['comparison_label', 'in_words', 'outcome_label', 'unit_label'],
    'rpt_equivalence': ['outcome_label', 'study_label', 'unit_label'],
    'rpt_families': ['adjustment_label', 'family_label', 'in_words', 'study_label'],
    'rpt_hypotheses': ['expected', 'in_words', 'statement', 'test', 'verdict'],
    'rpt_index_alternatives': ['alternative_label', 'outcome_label', 'unit_label'],
    'rpt_index_quality': ['in_words', 'unit_label'],
    'rpt_joint_correlates': ['in_words', 'missing_label', 'model_label', 'outcome_label', 'unit_label'],
    'rpt_levels': ['measure_label', 'unit_label'],
    'rpt_multiverse': ['outcome_label', 'unit_label'],
    'rpt_multiverse_areas': ['conclusion_label', 'outcome_label', 'source_label'],
    'rpt_multiverse_cells': ['conclusion_label', 'outcome_label', 'source_label'],
    'rpt_multiverse_claims': ['conclusion_label', 'outcome_label'],
    'rpt_nudge_checks': ['check_label', 'contrast_label', 'outcome_label', 'unit_label'],
    'rpt_nudge_effects': ['contrast_label', 'model_label', 'outcome_label', 'unit_label'],
    'rpt_nudge_trends': ['arm_label', 'in_words', 'outcome_label', 'test_label', 'unit_label'],
    'rpt_pooled': ['quantity_label', 'unit_label'],
    'rpt_registered_tests': ['outcome_label', 'statement', 'unit_label'],
    'rpt_respondent_quality': ['flag_label', 'outcome_label', 'treatment_label', 'unit_label'],
    'rpt_staff_gaps': ['measure_label', 'unit_label'],
    'rpt_study_areas': ['measure_label', 'unit_label'],
    'rpt_thresholds': ['in_words', 'outcome_label', 'unit_label'],
    'rpt_tolerated_answers': ['unit_label'],
    'rpt_waves': ['unit_label', 'wave_label']
} -%}
{%- for report, columns in texts.items() %}
{%- for column in columns %}
select
    '{{ report }}' as report,
    '{{ column }}' as column_name,
    count(*) as n_rows
from {{ ref(report) }}
where {{ column }} is null
having count(*) > 0
union all
{%- endfor %}
{%- endfor %}
-- Without the decimals of its label a pooled quantity would have no number.
select
    'rpt_pooled' as report,
    'estimate' as column_name,
    count(*) as n_rows
from {{ ref('rpt_pooled') }}
where estimate is null and not is_withheld and reason is null
having count(*) > 0
