-- What is individual and collective co-production correlated with, and where? (Tables 3 and 4 of the paper)
select
    outcome_label,
    construct_label,
    council_label,
    theme_label,
    topic_label,
    estimate_label,
    ci_lower,
    ci_upper,
    n_respondents,
    p_value_adjusted,
    provenance
from {{ ref('rpt_correlates') }}
where method_id = 'pearson' and stars <> '' and weighting_id = 'unweighted'
order by
    outcome_label asc,
    construct_label asc,
    estimate desc,
    council_label asc,
    theme_label asc,
    topic_label asc
