-- One row per citizen who counts, in a survey that declares its design: the numbers of the stratum and of the cluster.
with

respondents as (
    select * from {{ ref('int_respondents') }}
    where respondent_role = 'citizen' and not is_excluded
),

waves as (
    select * from {{ ref('waves') }}
),

surveys as (
    select
        council_id,
        respondents.wave_id,
        count(respondents.cluster_label) > 0 as has_clusters,
        max(waves.panel_size) filter (where waves.describes = 'panel') as panel_size
    from respondents
    left join waves using (council_id, wave_id)
    group by council_id, respondents.wave_id
    having count(cluster_label) + count(stratum_label) > 0 or panel_size is not null
),

final as (
    select
        respondents.respondent_key,
        dense_rank() over (partition by council_id, wave_id order by respondents.stratum_label) as stratum_number,
        -- A cluster lies in one stratum, so the same name in another stratum is another cluster. Who has none is alone.
        case when surveys.has_clusters then dense_rank() over clusters end as cluster_number,
        surveys.panel_size
    from respondents
    inner join surveys using (council_id, wave_id)
    window
        clusters as (
            partition by council_id, wave_id
            order by
                respondents.stratum_label,
                respondents.cluster_label,
                case when respondents.cluster_label is null then respondents.respondent_key end
        )
)

select * from final
