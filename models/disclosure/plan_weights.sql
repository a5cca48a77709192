-- One row per council and wave: whether weighted results are withheld, because few people share a weight that is known.
with

respondents as (
    select
        council_id,
        wave_id,
        age_band,
        gender_label,
        ethnicity_label,
        education_label,
        location_label
    from {{ ref('dim_respondent') }}
    where respondent_role = 'citizen' and not is_excluded
),

-- In long form, because weight_margins names the columns.
categories as (
    unpivot respondents
    on age_band, gender_label, ethnicity_label, education_label, location_label
    into name variable value category
),

margins as (
    select
        council_id,
        wave_id,
        variable,
        category,
        count(*) as n_respondents,
        sum(count(*)) over (partition by council_id, wave_id, variable) - count(*) as n_others
    from categories
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
            as is_withheld
    from surveys
    left join margins using (council_id, wave_id)
    group by surveys.council_id, surveys.wave_id
)

select * from final
