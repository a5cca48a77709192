-- One row per council and wave: a survey of citizens, how many answered, and whether the data are synthetic.
with

exports as (
    select * from {{ ref('dim_export') }}
    where respondent_role = 'citizen'
),

councils as (
    select * from {{ ref('dim_council') }}
),

respondents as (
    select
        export_id,
        count(*) as n_respondents,
        count(*) filter (where is_excluded) as n_excluded
    from {{ ref('dim_respondent') }}
    group by export_id
),

final as (
    select
        council_id,
        exports.wave_id,
        max(councils.council_label) as council_label,
        cast(coalesce(sum(respondents.n_respondents), 0) as bigint) as n_respondents,
        cast(coalesce(sum(respondents.n_excluded), 0) as bigint) as n_excluded,
        -- A survey with one synthetic export counts as synthetic, so that nobody mistakes a part of it for real data.
        max(case when exports.provenance = 'synthetic' then 'synthetic' else 'real' end) as provenance
    from exports
    inner join councils using (council_id)
    left join respondents using (export_id)
    group by council_id, exports.wave_id
)

select * from final
