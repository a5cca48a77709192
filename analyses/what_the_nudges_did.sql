-- Did the nudges change what people say they do, and what is the smallest effect that could have been detected? (Table
-- 5 of the paper)
select
    council_label,
    theme_label,
    topic_label,
    outcome_label,
    contrast_label,
    estimate_label,
    ci_lower,
    ci_upper,
    headline_p_value,
    headline_p_value_type,
    p_value_adjusted,
    minimum_detectable,
    provenance
from {{ ref('rpt_nudge_effects') }}
where model_id = 'dummies' and weighting_id = 'unweighted'
order by council_label, theme_label, topic_label, outcome_label, contrast_label
