-- One row per row of tolerated_answers whose export is in this build: how often the label stands in the file, beside how
-- often it may. Tolerated answers are in no estimate.
with

tolerated as (
    select
        *,
        row_number() over (partition by export_id, column_name order by answer_label) as label_number
    from {{ ref('tolerated_answers') }}
),

profile as (
    select
        export_id,
        column_name,
        {{ normalise_label('answer_label') }} as normalised_label,
        sum(n_answers) as n_answers
    from {{ ref('answer_profile') }}
    where answer_kind = 'uncoded'
    group by all
),

exports as (
    select * from {{ ref('rpt_exports') }}
    where is_included
),

counted as (
    select
        tolerated.export_id,
        exports.council_id,
        exports.wave_id,
        tolerated.column_name,
        tolerated.label_number,
        tolerated.answer_label as tolerated_label,
        cast(coalesce(profile.n_answers, 0) as bigint) as n_tolerated,
        exports.n_file_rows,
        tolerated.maximum_share,
        tolerated.reason,
        tolerated.date as tolerated_since,
        exports.provenance
    from tolerated
    inner join exports on tolerated.export_id = exports.export_id
    left join profile
        on
            tolerated.export_id = profile.export_id
            and tolerated.column_name = profile.column_name
            and {{ normalise_label('tolerated.answer_label') }} = profile.normalised_label
),

final as (
    select
        export_id,
        council_id,
        wave_id,
        column_name,
        label_number,
        tolerated_label,
        n_tolerated,
        {{ round_half_away('100.0 * n_tolerated / n_file_rows', 1) }} as estimate,
        'per cent' as unit_label,
        {{ round_half_away('100 * maximum_share', 1) }} as maximum_pct,
        -- A label that is gone needs no exception any more.
        n_tolerated = 0 as is_unused,
        reason,
        tolerated_since,
        provenance
    from counted
)

select * from final
order by export_id, column_name, label_number
