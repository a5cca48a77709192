-- One row per council, wave, theme, topic, measure, breakdown or arm, stratum, cluster and value of the outcome: how many
-- citizens have it, in surveys that declare their design. Missing outcomes are counted too.
with

measures as (
    select * from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen'
),

clusters as (
    select * from {{ ref('int_clusters') }}
),

groups as (
    select
        respondent_key,
        breakdown_id,
        breakdown_value
    from {{ ref('int_respondent_groups') }}
    union all
    select
        respondent_key,
        'arm' as breakdown_id,
        arm_id as breakdown_value
    from {{ ref('int_respondents') }}
    where arm_id is not null
),

final as (
    select
        measures.council_id,
        measures.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        groups.breakdown_id,
        groups.breakdown_value,
        clusters.stratum_number,
        clusters.cluster_number,
        clusters.panel_size,
        measures.n_positive,
        measures.n_answered,
        count(*) filter (where measures.weight > 0) as n_weighted,
        {{ count_respondents('measures.weight') }},
        {{ sum_of_fourth_powers('measures.weight') }}
    from clusters
    inner join measures using (respondent_key)
    inner join groups using (respondent_key)
    where groups.breakdown_id <> 'arm' or measures.is_outcome
    group by all
)

select * from final
