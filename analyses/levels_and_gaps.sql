-- How much do citizens do on their own and in groups, and how large is the gap? (Table 2 of the paper)
select
    council_label,
    theme_label,
    max(estimate) filter (where measure_id = 'individual_index') as individual_pct,
    max(estimate) filter (where measure_id = 'collective_participation') as collective_pct,
    max(estimate) filter (where measure_id = 'individual_index')
    - max(estimate) filter (where measure_id = 'collective_participation') as gap_points,
    max(estimate) filter (where measure_id = 'willing_monthly') as willing_pct,
    max(provenance) as provenance
from {{ ref('rpt_levels') }}
where topic_id = 'all' and breakdown_id = 'all' and weighting_id = 'unweighted'
group by council_label, theme_label
order by council_label, theme_label
