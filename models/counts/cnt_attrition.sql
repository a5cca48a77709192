-- One row per compared pair of waves with the same people and group of the earlier wave: how many answered again.
with

pairs as (
    select * from {{ ref('dim_wave_pair') }}
    where are_same_people
),

people as (
    select * from {{ ref('dim_respondent') }}
    where
        respondent_role = 'citizen'
        and not is_excluded
        and person_key is not null
        and council_id in (select pairs.council_id from pairs)
),

groups as (
    select * from {{ ref('int_respondent_groups') }}
),

final as (
    select
        pairs.council_id,
        pairs.earlier_wave_id,
        pairs.wave_id,
        groups.breakdown_id,
        groups.breakdown_value,
        count(*) as n_respondents,
        count(later.respondent_key) as n_again
    from pairs
    inner join people as earlier on pairs.council_id = earlier.council_id and pairs.earlier_wave_id = earlier.wave_id
    inner join groups on earlier.respondent_key = groups.respondent_key
    left join people as later
        on
            pairs.council_id = later.council_id
            and pairs.wave_id = later.wave_id
            and earlier.person_key = later.person_key
    group by all
)

select * from final
