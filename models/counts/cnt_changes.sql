-- One row per compared pair of waves, theme, topic, measure, and gender, age band and value in either wave: how many
-- citizens have them. Those who are in one of the waves only have nulls for the other.
with

compared as (
    select * from {{ ref('dim_compared_measure') }}
),

pairs as (
    select * from {{ ref('dim_wave_pair') }}
),

respondents as (
    select * from {{ ref('dim_respondent') }}
),

measures as (
    select * from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and n_answered is not null
),

answered as (
    select
        measures.*,
        respondents.person_key,
        respondents.gender_label,
        respondents.age_band
    from measures
    inner join respondents using (respondent_key)
    where measures.council_id in (select pairs.council_id from pairs)
),

{% for name, wave in [('later', 'wave_id'), ('earlier', 'earlier_wave_id')] -%}
{{ name }} as (
    select
        compared.*,
        pairs.comparison_id,
        coalesce(case when pairs.are_same_people then answered.person_key end, answered.respondent_key) as link_key,
        answered.gender_label,
        answered.age_band,
        answered.n_positive,
        answered.n_answered,
        answered.weight
    from compared
    inner join pairs using (council_id, earlier_wave_id, wave_id)
    inner join answered
        on
            compared.council_id = answered.council_id
            and compared.{{ wave }} = answered.wave_id
            and compared.theme_id = answered.theme_id
            and compared.topic_id = answered.topic_id
            and compared.measure_id = answered.measure_id
),

{% endfor -%}
final as (
    select
        council_id,
        earlier_wave_id,
        wave_id,
        comparison_id,
        theme_id,
        topic_id,
        measure_id,
        is_outcome,
        comparability_id,
        earlier.gender_label as earlier_gender_label,
        earlier.age_band as earlier_age_band,
        earlier.n_positive as earlier_n_positive,
        earlier.n_answered as earlier_n_answered,
        later.gender_label,
        later.age_band,
        later.n_positive,
        later.n_answered,
        count(*) as n_respondents,
        count(*) filter (where earlier.weight > 0) as n_earlier_weighted,
        sum(earlier.weight) as sum_earlier_weight,
        sum(earlier.weight * earlier.weight) as sum_earlier_weight_squared,
        {{ sum_of_fourth_powers('earlier.weight') | replace('sum_weight_fourth', 'sum_earlier_weight_fourth') }},
        count(*) filter (where later.weight > 0) as n_weighted,
        sum(later.weight) as sum_weight,
        sum(later.weight * later.weight) as sum_weight_squared,
        {{ sum_of_fourth_powers('later.weight') }},
        sum(earlier.weight * later.weight) as sum_weight_products
    from later
    full outer join earlier
        using (
            council_id, earlier_wave_id, wave_id, comparison_id, theme_id, topic_id, measure_id, is_outcome, comparability_id,
            link_key
        )
    group by all
)

select * from final
