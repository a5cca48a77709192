-- One row per council and wave: a survey of citizens, when it was, how many answered, and whether the data are synthetic.
with

exports as (
    select * from {{ ref('dim_export') }}
    where respondent_role = 'citizen'
),

codebook_exports as (
    select
        council_id,
        wave_id,
        count(*) as n_codebook_exports
    from {{ ref('exports') }}
    where respondent_role = 'citizen'
    group by council_id, wave_id
),

councils as (
    select * from {{ ref('dim_council') }}
),

waves as (
    select * from {{ ref('waves') }}
),

respondents as (
    select
        export_id,
        count(*) as n_respondents,
        count(*) filter (where is_excluded) as n_excluded
    from {{ ref('dim_respondent') }}
    group by export_id
),

surveys as (
    select
        council_id,
        exports.wave_id,
        max(councils.council_label) as council_label,
        cast(coalesce(sum(respondents.n_respondents), 0) as bigint) as n_respondents,
        cast(coalesce(sum(respondents.n_excluded), 0) as bigint) as n_excluded,
        count(*) as n_exports,
        -- A survey with one synthetic export counts as synthetic, so that nobody mistakes a part of it for real data.
        max(case when exports.provenance = 'synthetic' then 'synthetic' else 'real' end) as provenance
    from exports
    inner join councils using (council_id)
    left join respondents using (export_id)
    group by council_id, exports.wave_id
),

final as (
    select
        council_id,
        wave_id,
        council_label,
        coalesce(wave_label, wave_id) as wave_label,
        row_number() over (
            partition by council_id
            order by sort_order asc nulls last, fieldwork_start asc nulls last, wave_id asc
        ) as wave_order,
        fieldwork_start,
        fieldwork_end,
        n_respondents,
        n_excluded,
        n_invited,
        panel_size,
        -- If an export of the wave is left out, those who answered in it would count as people who did not.
        case
            when n_exports = n_codebook_exports then (n_respondents - n_excluded) / nullif(n_invited, 0)
        end as response_rate,
        provenance
    from surveys
    inner join codebook_exports using (council_id, wave_id)
    left join waves using (council_id, wave_id)
)

select * from final
