-- No excluded respondent has a row in a fact table from which counts are computed.
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
