-- If an activity has a significant negative correlation with the others of its index (1 per cent, two-sided), its
-- answers are probably coded the wrong way round.
with

quality as (
    select * from {{ ref('est_index_quality') }}
    where item_id <> 'all' and n_respondents > 3
)

select *
from quality
where
    item_rest_correlation <= -1
    or (item_rest_correlation < 0 and atanh(item_rest_correlation) * sqrt(n_respondents - 3) < -2.5758)
