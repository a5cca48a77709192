-- One row per council, wave and measure of size: Table 1 of the paper, with the respondents.
with

surveys as (
    select * from {{ ref('dim_survey') }}
),

councils as (
    select * from {{ ref('dim_council') }}
),

measures as (
    select
        council_id,
        wave_id,
        'respondents' as measure_id,
        'Respondents' as measure_label,
        n_respondents as estimate
    from surveys
    union all
    select
        council_id,
        wave_id,
        'respondents_excluded' as measure_id,
        'Respondents excluded (duplicates)' as measure_label,
        n_excluded as estimate
    from surveys
    union all
    select
        surveys.council_id,
        surveys.wave_id,
        'population' as measure_id,
        'Population (' || councils.population_year || ')' as measure_label,
        councils.population as estimate
    from surveys
    inner join councils on surveys.council_id = councils.council_id
    where councils.population is not null
),

final as (
    select
        measures.council_id,
        surveys.council_label,
        measures.wave_id,
        'all' as theme_id,
        'All themes' as theme_label,
        'all' as topic_id,
        'Whole theme' as topic_label,
        measures.measure_id,
        measures.measure_label,
        councils.country as country_label,
        councils.area_type,
        councils.characteristics,
        'unweighted' as weighting_id,
        cast(measures.estimate as double) as estimate,
        cast(measures.estimate as varchar) as estimate_label,
        '' as stars,
        'people' as unit_label,
        surveys.n_respondents,
        cast(null as double) as ci_lower,
        cast(null as double) as ci_upper,
        -- The size of a survey says nothing about a person in it.
        surveys.n_respondents < {{ var('small_base') }} as is_small_base,
        false as is_withheld,
        cast(null as varchar) as withheld_reason,
        surveys.provenance
    from measures
    inner join surveys
        on
            measures.council_id = surveys.council_id
            and measures.wave_id = surveys.wave_id
    inner join councils on measures.council_id = councils.council_id
)

select * from final
order by council_id, wave_id, measure_id
