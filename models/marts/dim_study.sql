-- One row per council and wave: the study to which the survey belongs, by the seed `studies`, or a study of its own.
{{ config(materialized='view') }}
with

exports as (
    select * from {{ ref('exports') }}
),

councils as (
    select * from {{ ref('councils') }}
),

studies as (
    select * from {{ ref('studies') }}
),

labels as (
    {{ labels_of('study_id') }}
),

surveys as (
    select distinct
        council_id,
        wave_id
    from exports
),

final as (
    select
        council_id,
        wave_id,
        -- No declared study has a slash in its name, so a council can add a survey without knowing of studies.
        coalesce(studies.study_id, council_id || '/' || wave_id) as study_id,
        coalesce(labels.study_label, studies.study_id, councils.council_name || ', ' || wave_id) as study_label,
        count(*) over (partition by coalesce(studies.study_id, council_id || '/' || wave_id)) as n_surveys
    from surveys
    inner join councils using (council_id)
    left join studies using (council_id, wave_id)
    left join labels on studies.study_id = labels.study_id
)

select * from final
