-- One row per export: the number of cells in the file, and how many were coded as what. The two totals must be equal.
with

exports as (
    select * from {{ ref('stg_exports') }}
),

files as (
    select * from {{ ref('export_files') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

answer_codes as (
    select * from {{ ref('stg_answer_codes') }}
),

unclaimed as (
    select
        export_id,
        sum(n_cells) filter (where is_loaded) as n_unclaimed,
        sum(n_cells) filter (where not is_loaded) as n_not_loaded
    from {{ ref('unclaimed_columns') }}
    group by export_id
),

-- Cells are many, so they are counted by code before anything says what a code means.
cells as (
    select
        export_id,
        answer_id,
        count(*) as n_cells
    from (
        select
            export_id,
            unnest(answer_ids) as answer_id
        from coded_exports
    ) as coded_cells
    group by export_id, answer_id
),

kinds as (
    select
        cells.export_id,
        sum(cells.n_cells) filter (where answer_codes.answer_kind = 'valid' or answer_id = {{ number_answer() }}) as n_valid,
        sum(cells.n_cells) filter (
            where answer_codes.answer_kind <> 'valid'
            or answer_id in ({{ blank_answer() }}, {{ not_asked_answer() }}, {{ unexpected_answer() }})
        ) as n_missing_kinds,
        sum(cells.n_cells) filter (where answer_id = {{ uncoded_answer() }}) as n_uncoded
    from cells
    left join answer_codes using (answer_id)
    group by cells.export_id
),

identifiers as (
    select
        export_id,
        count(*) as n_identifier
    from coded_exports
    group by export_id
),

-- A cell with several answers is coded once for each option.
options as (
    select
        export_id,
        count(*) - count(distinct source_column) as n_further_options
    from {{ ref('stg_questions') }}
    group by export_id
),

counted as (
    select
        export_id,
        files.n_cells as n_cells_raw,
        cast(coalesce(kinds.n_valid, 0) as bigint) as n_valid,
        cast(coalesce(kinds.n_missing_kinds, 0) as bigint) as n_missing_kinds,
        cast(coalesce(kinds.n_uncoded, 0) as bigint) as n_uncoded,
        coalesce(cast(unclaimed.n_unclaimed as bigint), 0) as n_unclaimed,
        coalesce(cast(unclaimed.n_not_loaded as bigint), 0) as n_not_loaded,
        coalesce(options.n_further_options * files.n_rows, 0) as n_coded_again,
        case when exports.respondent_column is null then 0 else coalesce(identifiers.n_identifier, 0) end as n_identifier
    from exports
    left join files using (export_id)
    left join kinds using (export_id)
    left join unclaimed using (export_id)
    left join identifiers using (export_id)
    left join options using (export_id)
),

final as (
    select
        *,
        coalesce(n_cells_raw + n_coded_again = n_valid + n_missing_kinds + n_uncoded + n_unclaimed + n_not_loaded + n_identifier, false) as is_balanced
    from counted
)

select * from final
