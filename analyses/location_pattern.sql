-- Do people in metropolitan areas do less? (described: five areas are too few for a test)
select
    hypothesis_id,
    theme_id,
    estimate as metropolitan_minus_others_points,
    verdict,
    in_words,
    provenance
from {{ ref('rpt_hypotheses') }}
where hypothesis_id like 'metropolitan_below_others%'
order by hypothesis_id, theme_id
