-- One row per respondent: who they are, which problems their row has, and whether they are excluded. Only this model
-- excludes respondents.
with

exports as (
    select * from {{ ref('int_exports') }}
),

flags as (
    select * from {{ ref('int_respondent_flags') }}
),

characteristics as (
    select
        respondent_key,
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
        max(score) filter (where construct_id = 'weight') as weight
    from {{ ref('int_characteristics') }}
    group by respondent_key
),

occurrences as (
    select
        respondent_key,
        export_id,
        respondent_id,
        respondent_id is null as is_id_blank,
        respondent_id is not null and count(*) over same_respondent > 1 as is_duplicate,
        -- Rows with equal answers are one person entered twice, so they do not conflict.
        count(*) over same_respondent <> count(*) over same_answers as has_other_answers,
        row_number() over (same_respondent order by occurrence) as occurrence
    from {{ ref('stg_coded_exports') }}
    window
        same_respondent as (partition by export_id, respondent_id),
        same_answers as (partition by export_id, respondent_id, answer_ids, unlisted_labels)
),

final as (
    select
        respondent_key,
        exports.council_id || ':' || occurrences.respondent_id as person_key,
        export_id,
        exports.council_id,
        exports.wave_id,
        exports.respondent_role,
        exports.provenance,
        occurrences.respondent_id,
        characteristics.* exclude (respondent_key),
        occurrences.is_id_blank,
        occurrences.is_duplicate,
        occurrences.is_duplicate and occurrences.has_other_answers as is_conflicting_duplicate,
        -- The first of several identical rows is kept. All conflicting rows are excluded, because nobody knows which
        -- one is right.
        occurrences.is_duplicate and (occurrences.has_other_answers or occurrences.occurrence > 1)
        {%- for flag_id in var('excluded_flags') %}
        or coalesce(flags.is_{{ flag_id }}, false)
        {%- endfor %} as is_excluded,
        coalesce(flags.is_straight_liner, false) as is_straight_liner,
        coalesce(flags.is_speeder, false) as is_speeder,
        coalesce(flags.is_mostly_blank, false) as is_mostly_blank
    from occurrences
    inner join exports using (export_id)
    left join flags using (respondent_key)
    left join characteristics using (respondent_key)
)

select * from final
