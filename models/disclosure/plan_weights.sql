-- One row per council and wave: whether weighted results are withheld, because few people share a weight that is known.
with

respondents as (
    select
        respondent_key,
        council_id,
        wave_id
    from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and not is_excluded
),

-- Raking reads any characteristic, under the name that margin_variable in Python gives it.
categories as (
    select
        respondent_key,
        case construct_id when 'age' then 'age_band' else construct_id || '_label' end as variable,
        characteristic_label as category
    from {{ ref('int_characteristics') }}
),

margins as (
    select
        council_id,
        wave_id,
        variable,
        category,
        count(*) as n_respondents,
        sum(count(*)) over (partition by council_id, wave_id, variable) - count(*) as n_others
    from respondents
    inner join categories using (respondent_key)
    inner join {{ ref('weight_margins') }} using (council_id, wave_id, variable, category)
    group by council_id, wave_id, variable, category
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
