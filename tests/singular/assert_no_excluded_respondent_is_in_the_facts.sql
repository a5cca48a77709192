-- Nobody who is excluded has a row in a fact table that the counts are made from.
with

excluded as (
    select * from {{ ref('dim_respondent') }}
    where is_excluded
)

select respondent_key
from {{ ref('fct_respondent_theme') }}
where respondent_key in (select excluded.respondent_key from excluded)
union all
select respondent_key
from {{ ref('fct_respondent_correlate') }}
where respondent_key in (select excluded.respondent_key from excluded)
