-- One row per export of the codebook: whether it is in this build, with how many respondents, and why not.
with

exports as (
    select * from {{ ref('exports') }}
    where export_id in ({{ quoted_list(listed_exports()) }})
),

councils as (
    select * from {{ ref('councils') }}
),

-- Neither switched off nor left out.
read_exports as (
    select * from {{ ref('stg_exports') }}
),

-- Passed the gate too.
included_exports as (
    select * from {{ ref('int_exports') }}
),

files as (
    select * from {{ ref('export_files') }}
),

broken_rules as (
    select
        export_id,
        count(*) as n_rules,
        sum(n_unexpected) as n_cells
    from {{ ref('expectation_results') }}
    where not success
    group by export_id
),

respondents as (
    select
        export_id,
        count(*) as n_respondents,
        count(*) filter (where not is_excluded) as n_included
    from {{ ref('dim_respondent') }}
    group by export_id
),

final as (
    select
        exports.export_id,
        exports.council_id,
        councils.council_name as council_label,
        exports.wave_id,
        exports.respondent_role,
        included_exports.export_id is not null as is_included,
        case
            when included_exports.export_id is not null then null
            when read_exports.export_id is null and exports.export_id in ({{ quoted_list(var('leave_out_exports')) }})
                then 'left out: leave_out_exports names it'
            when read_exports.export_id is null and exports.export_id in ({{ quoted_list(left_out_exports()) }})
                then 'left out: refused by the check of the files (coproduction check)'
            when read_exports.export_id is null then 'synthetic, and include_synthetic is false'
            when broken_rules.export_id is not null
                then
                    'left out: ' || broken_rules.n_cells || ' cell(s) break ' || broken_rules.n_rules
                    || ' rule(s) of the codebook (quality.expectation_results)'
            else 'left out: its cells do not add up (quality.answer_reconciliation)'
        end as reason,
        files.n_rows as n_file_rows,
        respondents.n_included as n_respondents,
        respondents.n_respondents - respondents.n_included as n_excluded,
        exports.provenance
    from exports
    left join councils on exports.council_id = councils.council_id
    left join read_exports on exports.export_id = read_exports.export_id
    left join included_exports on exports.export_id = included_exports.export_id
    left join files on exports.export_id = files.export_id
    left join broken_rules on exports.export_id = broken_rules.export_id
    left join respondents on exports.export_id = respondents.export_id
)

select * from final
order by council_id, wave_id, respondent_role, export_id
