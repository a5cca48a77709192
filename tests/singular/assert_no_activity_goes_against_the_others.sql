-- An activity that goes against the others of its index by more than chance (1 per cent, two-sided) is probably coded the
-- wrong way round.
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
