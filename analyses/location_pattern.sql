-- Do people in metropolitan areas do less? (tested from eight areas on; five are described)
select
    hypothesis_id,
    theme_id,
    estimate as metropolitan_minus_others_points,
    test,
    p_value,
    p_value_adjusted,
    verdict,
    in_words,
    provenance
from {{ ref('rpt_hypotheses') }}
where hypothesis_id like 'metropolitan_below_others%'
order by hypothesis_id, theme_id
