-- One row per council, wave, theme, topic, measure, breakdown, value of the outcome and margin cell: how many citizens
-- have it. The value is the fraction n_positive of n_answered, never a rounded number.
with

outcomes as (
    select * from {{ ref('fct_respondent_theme') }}
    where respondent_role = 'citizen'
),

respondents as (
    select * from {{ ref('dim_respondent') }}
),

raked_weights as (
    select * from {{ ref('int_raked_weights') }}
    where weight_raked is not null
),

measures as (
    {%- for measure_id, n_positive, n_answered in measures_of_levels() %}
    select
        respondent_key,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        weight,
        '{{ measure_id }}' as measure_id,
        {{ n_positive }} as n_positive,
        {{ n_answered }} as n_answered
    from outcomes
    where {{ n_positive }} is not null{{ ' and individual_index is not null' if measure_id == 'individual_index' }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

breakdowns as (
    select
        respondent_key,
        'all' as breakdown_id,
        'all' as breakdown_value
    from respondents
    union all
    select
        respondent_key,
        'age_band' as breakdown_id,
        age_band as breakdown_value
    from respondents
    where age_band is not null
    union all
    select
        respondent_key,
        'gender' as breakdown_id,
        gender_label as breakdown_value
    from respondents
    where gender_score is not null
    union all
    select
        respondent_key,
        'ethnicity' as breakdown_id,
        case ethnicity_score when 0 then 'White' else 'Other' end as breakdown_value
    from respondents
    where ethnicity_score is not null
),

final as (
    select
        measures.council_id,
        measures.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        breakdowns.breakdown_id,
        breakdowns.breakdown_value,
        measures.n_positive,
        measures.n_answered,
        -- Null where nothing is raked. Raked errors need to know what the margins explain.
        raked_weights.margin_cell,
        raked_weights.n_margin_cell,
        count(*) filter (where measures.weight > 0) as n_weighted,
        {{ count_respondents('measures.weight') }}
    from measures
    inner join breakdowns on measures.respondent_key = breakdowns.respondent_key
    left join raked_weights on measures.respondent_key = raked_weights.respondent_key
    group by all
)

select * from final
