-- One row per council and wave: whether weighted results are withheld, because few people share a weight that is known.
with

respondents as (
    select
        respondent_number,
        council_id,
        wave_id
    from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and not is_excluded
),

characteristics as (
    select * from {{ ref('int_characteristics') }}
),

known_margins as (
    select * from {{ ref('weight_margins') }}
),

-- Raking reads any characteristic, under the name that margin_variable in Python gives it.
margins as (
    select
        council_id,
        wave_id,
        construct_id,
        count(*) as n_respondents,
        sum(count(*)) over (partition by council_id, wave_id, construct_id) - count(*) as n_others
    from respondents
    inner join known_margins using (council_id, wave_id)
    inner join characteristics using (respondent_number)
    where
        known_margins.category = characteristics.characteristic_label
        and known_margins.variable = case construct_id when 'age' then 'age_band' else construct_id || '_label' end
    group by council_id, wave_id, construct_id, known_margins.category
),

surveys as (
    select * from {{ ref('plan_surveys') }}
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        -- Raking gives a small category of the population a weight that reveals its size.
        coalesce(bool_or({{ is_few('margins.n_respondents') }} or {{ is_few('margins.n_others') }}), false)
            as are_weights_withheld
    from surveys
    left join margins using (council_id, wave_id)
    group by surveys.council_id, surveys.wave_id
)

select * from final
