-- Do older people take part in groups more than younger people? (each band with its interval; a withheld band has none)
select
    council_label,
    theme_label,
    breakdown_value as age_band,
    estimate as collective_pct,
    ci_lower,
    ci_upper,
    n_respondents,
    is_withheld,
    provenance
from {{ ref('rpt_levels') }}
where
    measure_id = 'collective_participation' and breakdown_id = 'age_band'
    and topic_id = 'all' and weighting_id = 'unweighted'
order by council_label, theme_label, age_band
