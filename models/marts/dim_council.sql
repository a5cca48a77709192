-- One row per council with an export in this build.
with

councils as (
    select * from {{ ref('councils') }}
),

exports as (
    select * from {{ ref('int_exports') }}
),

final as (
    select
        councils.council_id,
        councils.council_name as council_label,
        councils.country,
        councils.population,
        councils.population_year,
        councils.area_type,
        councils.characteristics
    from councils
    where councils.council_id in (select exports.council_id from exports)
)

select * from final
