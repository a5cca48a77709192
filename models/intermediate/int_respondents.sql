-- One row per respondent: who they are, what is odd about their row, and whether they take part. The one place where a
-- respondent is excluded.
with

exports as (
    select * from {{ ref('int_exports') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

all_answers as (
    select * from {{ ref('int_coded_cells') }}
),

answers as (
    select * from all_answers
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

-- Questions with one scale are a battery. Of fewer than four answers alike nobody can tell haste from an opinion.
batteries as (
    select
        respondent_key,
        scale_id,
        min(answer_label) = max(answer_label) as is_all_alike
    from all_answers
    where construct_role in ('outcome', 'correlate') and answer_kind = 'valid'
    group by respondent_key, scale_id
    having count(*) >= 4
),

straight_lines as (
    select
        respondent_key,
        -- Who does nothing answers never throughout, and means it: so one battery is not enough.
        count(*) >= 2 and bool_and(is_all_alike) as is_straight_liner
    from batteries
    group by respondent_key
),

completeness as (
    select
        respondent_key,
        count(*) filter (where answer_kind <> 'not_asked') as n_asked,
        count(*) filter (where answer_kind not in ('not_asked', 'blank')) as n_given,
        max(answer_score) filter (where construct_id = 'duration' and answer_kind = 'valid') as duration
    from all_answers
    where construct_role in ('outcome', 'correlate') or construct_id = 'duration'
    group by respondent_key
),

haste as (
    select
        completeness.respondent_key,
        completeness.n_given < {{ var('mostly_blank_below') }} * completeness.n_asked as is_mostly_blank,
        completeness.duration < {{ var('speeder_below') }} * median(completeness.duration) over (
            partition by coded_exports.export_id
        ) as is_speeder
    from completeness
    inner join coded_exports on completeness.respondent_key = coded_exports.respondent_key
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
        coalesce(straight_lines.is_straight_liner, false) as is_straight_liner,
        coalesce(haste.is_speeder, false) as is_speeder,
        coalesce(haste.is_mostly_blank, false) as is_mostly_blank,
        occurrences.occurrence
    from occurrences
    inner join exports on occurrences.export_id = exports.export_id
    left join straight_lines on occurrences.respondent_key = straight_lines.respondent_key
    left join haste on occurrences.respondent_key = haste.respondent_key
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
        flagged.is_duplicate and (not flagged.has_one_set_of_answers or flagged.occurrence > 1)
        {%- for flag_id in var('excluded_flags') %}
        or flagged.is_{{ flag_id }}
        {%- endfor %} as is_excluded,
        flagged.is_straight_liner,
        flagged.is_speeder,
        flagged.is_mostly_blank
    from flagged
    left join characteristics on flagged.respondent_key = characteristics.respondent_key
    left join age_bands
        on
            characteristics.age_years >= age_bands.minimum_age
            and characteristics.age_years < age_bands.maximum_age + 1
)

select * from final
