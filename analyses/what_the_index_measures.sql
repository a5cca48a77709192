-- Do people who do one activity of the individual index also do the others, and what would the levels be under another
-- definition?
select
    quality.council_label,
    quality.theme_label,
    quality.topic_label,
    quality.n_items,
    quality.estimate as kr_20,
    quality.ci_lower as kr_20_lower,
    quality.ci_upper as kr_20_upper,
    alternatives.alternative_label,
    alternatives.estimate as level_pct,
    alternatives.difference_points,
    quality.provenance
from {{ ref('rpt_index_quality') }} as quality
inner join {{ ref('rpt_index_alternatives') }} as alternatives
    using (council_id, wave_id, theme_id, topic_id, weighting_id)
where quality.item_id = 'all' and alternatives.outcome_id = 'individual_index' and weighting_id = 'unweighted'
order by quality.council_label, quality.theme_label, quality.topic_label, alternatives.alternative_label
