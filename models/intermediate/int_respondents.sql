-- One row per respondent: who they are, what is odd about their row, and whether they take part. The one place where a
-- respondent is excluded.
with

exports as (
    select * from {{ ref('int_exports') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

answers as (
    select * from {{ ref('int_answers') }}
    where construct_role in ('demographic', 'design', 'weight') and is_primary and answer_kind = 'valid'
),

age_bands as (
    select * from {{ ref('age_bands') }}
),

occurrences as (
    select
        respondent_key,
        export_id,
        respondent_id,
        count(*) over same_respondent as n_occurrences,
        -- Rows that answer everything alike are one person entered twice, not a contradiction.
        count(*) over same_answers as n_same_answers,
        row_number() over (same_respondent order by occurrence) as occurrence
    from coded_exports
    window
        same_respondent as (partition by export_id, respondent_id),
        same_answers as (partition by export_id, respondent_id, answer_ids, unlisted_labels)
),

characteristics as (
    select
        respondent_key,
        max(answer_score) filter (where construct_id = 'gender') as gender_score,
        max(answer_name) filter (where construct_id = 'gender') as gender_label,
        max(answer_score) filter (where construct_id = 'age') as age_score,
        max(answer_score) filter (where construct_id = 'age' and answer_name is null) as age_years,
        max(answer_name) filter (where construct_id = 'age') as age_band,
        max(answer_score) filter (where construct_id = 'ethnicity') as ethnicity_score,
        max(answer_name) filter (where construct_id = 'ethnicity') as ethnicity_label,
        max(answer_name) filter (where construct_id = 'education') as education_label,
        max(answer_name) filter (where construct_id = 'location') as location_label,
        max(answer_name) filter (where construct_id = 'nudge') as arm_id,
        max(answer_score) filter (where construct_id = 'weight') as weight
    from answers
    group by respondent_key
),

flagged as (
    select
        occurrences.respondent_key,
        exports.council_id || ':' || occurrences.respondent_id as person_key,
        exports.export_id,
        exports.council_id,
        exports.wave_id,
        exports.respondent_role,
        exports.provenance,
        occurrences.respondent_id,
        occurrences.respondent_id is null as is_id_blank,
        occurrences.respondent_id is not null and occurrences.n_occurrences > 1 as is_duplicate,
        occurrences.n_occurrences = occurrences.n_same_answers as has_one_set_of_answers,
        occurrences.occurrence
    from occurrences
    inner join exports on occurrences.export_id = exports.export_id
),

final as (
    select
        flagged.respondent_key,
        flagged.person_key,
        flagged.export_id,
        flagged.council_id,
        flagged.wave_id,
        flagged.respondent_role,
        flagged.provenance,
        flagged.respondent_id,
        characteristics.arm_id,
        characteristics.gender_score,
        characteristics.gender_label,
        characteristics.age_years,
        coalesce(characteristics.age_band, age_bands.age_band) as age_band,
        characteristics.age_score,
        characteristics.ethnicity_score,
        characteristics.ethnicity_label,
        characteristics.education_label,
        characteristics.location_label,
        characteristics.weight,
        flagged.is_id_blank,
        flagged.is_duplicate,
        flagged.is_duplicate and not flagged.has_one_set_of_answers as is_conflicting_duplicate,
        -- Identical rows: the first stays. Conflicting rows: nobody knows which is right, so none stays.
        flagged.is_duplicate and (not flagged.has_one_set_of_answers or flagged.occurrence > 1) as is_excluded
    from flagged
    left join characteristics on flagged.respondent_key = characteristics.respondent_key
    left join age_bands
        on
            characteristics.age_years >= age_bands.minimum_age
            and characteristics.age_years < age_bands.maximum_age + 1
)

select * from final
