-- One row per council, wave, theme, topic and pair of outcome values: how many citizens have this individual index and
-- this collective participation.
with

outcomes as (
    select * from {{ ref('fct_respondent_theme') }}
    where respondent_role = 'citizen'
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        case when individual_index is not null then n_activities_positive end as n_positive,
        case when individual_index is not null then n_activities_answered end as n_answered,
        collective_participation,
        {{ count_respondents() }}
    from outcomes
    group by all
)

select * from final
