-- One row per row of tolerated_answers whose export is in this build: how many cells of the file hold the label, and
-- how many may. No estimate uses tolerated answers.
with

tolerated as (
    select
        *,
        {{ normalise_label('answer_label') }} as normalised_label,
        row_number() over (partition by export_id, column_name order by answer_label) as label_number
    from {{ ref('tolerated_answers') }}
),

profile as (
    select
        export_id,
        column_name,
        coded_label as normalised_label,
        sum(n_answers) as n_answers
    from {{ ref('answer_profile') }}
    where answer_kind = 'uncoded'
    group by all
),

exports as (
    select * exclude (reason) from {{ ref('rpt_exports') }}
    where is_included
),

final as (
    select
        export_id,
        council_id,
        wave_id,
        column_name,
        label_number,
        answer_label as tolerated_label,
        cast(coalesce(n_answers, 0) as bigint) as n_tolerated,
        {{ round_half_away('100.0 * coalesce(n_answers, 0) / n_file_rows', 1) }} as estimate,
        {{ label_of('quantity_id', 'tolerated_share', 'unit_label') }} as unit_label,
        {{ round_half_away('100 * maximum_share', 1) }} as maximum_pct,
        -- If a label is no longer in the file, its exception can be deleted.
        coalesce(n_answers, 0) = 0 as is_unused,
        reason,
        date as tolerated_since,
        provenance
    from tolerated
    inner join exports using (export_id)
    left join profile using (export_id, column_name, normalised_label)
)

select * from final
