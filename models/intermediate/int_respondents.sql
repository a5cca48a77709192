-- One row per respondent: who they are, which problems their row has, and whether they are excluded. Only this model
-- excludes respondents.
with

exports as (
    select * from {{ ref('int_exports') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

flags as (
    select * from {{ ref('int_respondent_flags') }}
),

characteristics as (
    select
        respondent_number,
        max(answer_name) filter (where construct_id = 'nudge') as arm_id,
        max(score) filter (where construct_id = 'gender') as gender_score,
        max(characteristic_label) filter (where construct_id = 'gender') as gender_label,
        max(score) filter (where construct_id = 'age' and answer_name is null) as age_years,
        max(characteristic_label) filter (where construct_id = 'age') as age_band,
        max(score) filter (where construct_id = 'age') as age_score,
        max(score) filter (where construct_id = 'ethnicity') as ethnicity_score,
        max(characteristic_label) filter (where construct_id = 'ethnicity') as ethnicity_label,
        max(characteristic_label) filter (where construct_id = 'education') as education_label,
        max(characteristic_label) filter (where construct_id = 'location') as location_label,
        max(characteristic_label) filter (where construct_id = 'cluster') as cluster_label,
        max(characteristic_label) filter (where construct_id = 'stratum') as stratum_label,
        max(score) filter (where construct_id = 'weight') as weight
    from {{ ref('int_characteristics') }}
    group by respondent_number
),

duplicates as (
    select * from {{ ref('int_duplicates') }}
),

final as (
    select
        respondent_key,
        respondent_number,
        exports.council_id || ':' || coded_exports.respondent_id as person_key,
        export_id,
        exports.council_id,
        exports.wave_id,
        exports.respondent_role,
        exports.provenance,
        coded_exports.respondent_id,
        characteristics.* exclude (respondent_number),
        coded_exports.respondent_id is null as is_id_blank,
        coalesce(duplicates.is_duplicate, false) as is_duplicate,
        coalesce(duplicates.is_conflicting_duplicate, false) as is_conflicting_duplicate,
        coalesce(duplicates.is_conflicting_duplicate or duplicates.is_left_to_another_row, false)
        {%- for flag_id in var('excluded_flags') %}
        or coalesce(flags.is_{{ flag_id }}, false)
        {%- endfor %} as is_excluded,
        coalesce(flags.is_straight_liner, false) as is_straight_liner,
        coalesce(flags.is_speeder, false) as is_speeder,
        coalesce(flags.is_mostly_blank, false) as is_mostly_blank
    from coded_exports
    inner join exports using (export_id)
    left join duplicates using (respondent_number)
    left join flags using (respondent_number)
    left join characteristics using (respondent_number)
)

select * from final
