-- One row per export of the codebook: whether it is in this build, its number of respondents, or why it is left out.
with

exports as (
    select * from {{ ref('exports') }}
    where coalesce(file, export_id) in ({{ quoted_list(listed_exports()) }})
),

councils as (
    select * from {{ ref('councils') }}
),

read_exports as (
    select
        export_id,
        true as is_read
    from {{ ref('stg_exports') }}
),

passed_exports as (
    select
        export_id,
        true as is_included
    from {{ ref('int_exports') }}
),

files as (
    select * from {{ ref('export_files') }}
),

broken_rules as (
    select
        export_id,
        count(*) as n_rules,
        sum(n_unexpected) as n_unexpected
    from {{ ref('expectation_results') }}
    where not success
    group by export_id
),

respondents as (
    select
        export_id,
        count(*) filter (where not is_excluded) as n_respondents,
        count(*) filter (where is_excluded) as n_excluded
    from {{ ref('dim_respondent') }}
    group by export_id
),

final as (
    select
        export_id,
        exports.council_id,
        council_name as council_label,
        exports.wave_id,
        exports.respondent_role,
        coalesce(is_included, false) as is_included,
        -- An export that include_synthetic switches off was never wanted in this build.
        is_included is null
        and (is_read is not null or export_id in ({{ quoted_list(left_out_exports()) }})) as is_left_out,
        case
            when is_included then null
            when is_read is null and export_id in ({{ quoted_list(var('leave_out_exports')) }})
                then {{ sentence('export_named') }}
            when is_read is null and export_id in ({{ quoted_list(left_out_exports()) }})
                then {{ sentence('export_refused') }}
            when is_read is null then {{ sentence('export_synthetic') }}
            when n_rules is not null
                then {{ sentence('export_breaks_rules', {'n_cells': 'n_unexpected', 'n_rules': 'n_rules'}) }}
            else {{ sentence('export_does_not_add_up') }}
        end as reason,
        n_rows as n_file_rows,
        n_respondents,
        n_excluded,
        exports.provenance
    from exports
    left join councils using (council_id)
    left join read_exports using (export_id)
    left join passed_exports using (export_id)
    left join files using (export_id)
    left join broken_rules using (export_id)
    left join respondents using (export_id)
)

select * from final
