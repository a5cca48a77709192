-- One row per council, wave and measure of size: as in Table 1 of the paper, with the number of respondents.
with

surveys as (
    select
        council_id,
        wave_id,
        n_respondents,
        n_excluded
    from {{ ref('dim_survey') }}
),

councils as (
    select * exclude (council_label) from {{ ref('dim_council') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
    where theme_id = 'all'
),

measures as (
    {{ labels_of('measure_id') }}
),

sizes as (
    select
        * replace (case when measure_id <> 'population' then measure_label else {{ filled(
            'measure_label', {'population_year': 'population_year'}
        ) }} end as measure_label),
        case measure_id
            when 'respondents' then n_respondents
            when 'respondents_excluded' then n_excluded
            when 'population' then population
        end as exact_size,
        -- How many are excluded is rounded like every other count; how many answered is not, as in the paper.
        case when measure_id = 'respondents_excluded' then {{ at_least('exact_size') }} else exact_size end as size,
        measure_id = 'respondents_excluded' and {{ is_few('exact_size') }} as is_withheld
    from surveys
    inner join councils using (council_id)
    cross join measures
),

final as (
    select
        survey_topics.*,
        measure_id,
        measure_label,
        country as country_label,
        area_type,
        characteristics,
        'unweighted' as weighting_id,
        case when not is_withheld then cast(size as double) end as estimate,
        case when not is_withheld then cast(size as varchar) end as estimate_label,
        '' as stars,
        unit_label,
        n_respondents,
        cast(null as double) as ci_lower,
        cast(null as double) as ci_upper,
        n_respondents < {{ var('small_base') }} as is_small_base,
        is_withheld,
        case when is_withheld then {{ sentence('withheld_few_respondents', {'minimum_base': var('minimum_base')}) }} end
            as withheld_reason
    from sizes
    inner join survey_topics using (council_id, wave_id)
    where size is not null
)

select * from final
