-- Does activity jump between two answers, beyond a straight line, and could this survey have detected a jump of 15
-- points?
select
    council_label,
    theme_label,
    topic_label,
    construct_label,
    outcome_label,
    threshold_label,
    estimate,
    p_value,
    p_value_adjusted,
    power_15_points_pct,
    in_words,
    provenance
from {{ ref('rpt_thresholds') }}
where weighting_id = 'unweighted' and p_value is not null
order by p_value_adjusted, p_value, council_label, theme_label, topic_label, construct_label, outcome_label
