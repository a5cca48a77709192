-- Which correlations are seen over all councils together, and how far may another council differ?
select
    quantity_label,
    estimate_label,
    ci_lower,
    ci_upper,
    prediction_lower,
    prediction_upper,
    i_squared_pct,
    n_councils,
    p_value_adjusted,
    provenance
from {{ ref('rpt_pooled') }}
where
    council_id = 'all' and theme_id = 'all' and quantity_id = 'correlate'
    and weighting_id = 'unweighted' and estimate is not null
order by p_value_adjusted, quantity_label
