-- For each outcome, the counts (missing outcomes included) contain every citizen who is not excluded exactly once.
with

counted as (
    select
        council_id,
        wave_id,
        theme_id,
        sum(n_respondents) as n_respondents
    from {{ ref('cnt_outcome_pairs') }}
    where topic_id = 'all'
    group by all
),

surveys as (
    select * from {{ ref('dim_survey') }}
)

select counted.*
from counted
inner join surveys
    on
        counted.council_id = surveys.council_id
        and counted.wave_id = surveys.wave_id
where counted.n_respondents <> surveys.n_respondents - surveys.n_excluded
