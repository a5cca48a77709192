-- Are fewer people willing to spend more time in areas where more people spend time already? (the paper's "peaking" in
-- Barnet)
select
    council_label,
    theme_label,
    max(estimate) filter (where measure_id = 'currently_monthly') as spending_now_pct,
    max(estimate) filter (where measure_id = 'extra_monthly') as willing_to_spend_more_pct,
    max(provenance) as provenance
from {{ ref('rpt_levels') }}
where
    measure_id in ('currently_monthly', 'extra_monthly')
    and topic_id = 'all' and breakdown_id = 'all' and weighting_id = 'unweighted'
group by council_label, theme_label
order by spending_now_pct, council_label, theme_label
