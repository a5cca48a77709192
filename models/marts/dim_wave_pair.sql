-- One row per council and pair of waves that is compared: each wave with the one before, and the last with the first.
with

surveys as (
    select
        *,
        max(wave_order) over (partition by council_id) as last_order
    from {{ ref('dim_survey') }}
),

people as (
    select
        council_id,
        wave_id,
        person_key,
        gender_score
    from {{ ref('dim_respondent') }}
    where respondent_role = 'citizen' and not is_excluded and person_key is not null
),

pairs as (
    select
        council_id,
        earlier.wave_id as earlier_wave_id,
        later.wave_id,
        earlier.wave_label as earlier_wave_label,
        later.wave_label,
        later.wave_order,
        case when later.wave_order = earlier.wave_order + 1 then 'neighbours' else 'last_and_first' end as comparison_id
    from surveys as later
    inner join surveys as earlier using (council_id)
    where
        later.wave_order = earlier.wave_order + 1
        or (earlier.wave_order = 1 and later.wave_order > 2 and later.wave_order = later.last_order)
),

linked as (
    select
        pairs.council_id,
        pairs.earlier_wave_id,
        pairs.wave_id,
        count(*) as n_both,
        count(*) filter (where later.gender_score is not null and earlier.gender_score is not null) as n_known,
        count(*) filter (where later.gender_score <> earlier.gender_score) as n_contradicting
    from pairs
    inner join people as later on pairs.council_id = later.council_id and pairs.wave_id = later.wave_id
    inner join people as earlier
        on
            pairs.council_id = earlier.council_id
            and pairs.earlier_wave_id = earlier.wave_id
            and later.person_key = earlier.person_key
    group by pairs.council_id, pairs.earlier_wave_id, pairs.wave_id
),

final as (
    select
        pairs.*,
        coalesce(linked.n_both, 0) as n_both,
        -- Files that number their rows have equal ids of different people, of whom half have another gender.
        coalesce(10 * linked.n_contradicting <= linked.n_known, false) as are_same_people
    from pairs
    left join linked using (council_id, earlier_wave_id, wave_id)
)

select * from final
