-- Do people in metropolitan areas do less? (with eight areas or more there is a test; with five only a description)
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
