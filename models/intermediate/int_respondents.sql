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
        max(characteristic_label) filter (where construct_id = 'cluster') as cluster_label,
        max(characteristic_label) filter (where construct_id = 'stratum') as stratum_label,
        max(score) filter (where construct_id = 'weight') as weight
    from {{ ref('int_characteristics') }}
    group by respondent_key
),

-- The codes of a blank cell: a scale may say that it is an answer, and the cell of a question not put is blank, too.
codes_of_blanks as (
    select [{{ blank_answer() }}, {{ not_asked_answer() }}] || coalesce(list(answer_id), []) as blank_ids
    from {{ ref('stg_answer_codes') }}
    where normalised_label = ''
),

coded_rows as (
    select
        coded_exports.*,
        exports.* exclude (export_id),
        coded_exports.respondent_id is null as is_id_blank,
        len(coded_exports.answer_ids) > 0 and list_has_all(codes_of_blanks.blank_ids, coded_exports.answer_ids) as has_no_answer
    from {{ ref('stg_coded_exports') }} as coded_exports
    inner join exports using (export_id)
    cross join codes_of_blanks
),

-- A row without any answer, of a person who has answered in another row, is no second answer: a survey tool writes such
-- a row for a repeated form.
answering_rows as (
    select
        *,
        has_no_answer and not is_id_blank and not bool_and(has_no_answer) over same_person as is_empty_repeat
    from coded_rows
    window same_person as (partition by council_id, wave_id, respondent_role, respondent_id)
),

occurrences as (
    select
        *,
        not is_id_blank and count(*) over same_respondent > 1 as is_repeated,
        -- Rows with equal answers are one person entered twice, so they do not conflict.
        count(*) over same_respondent <> count(*) over same_answers as has_other_answers,
        row_number() over (same_respondent order by occurrence) as place,
        not is_id_blank and min(export_id) over same_person <> max(export_id) over same_person as is_in_several_exports,
        min(duplicate_priority) over same_person as first_priority
    from answering_rows
    window
        same_respondent as (partition by export_id, respondent_id, is_empty_repeat),
        same_answers as (partition by export_id, respondent_id, is_empty_repeat, answer_ids, unlisted_labels),
        same_person as (partition by council_id, wave_id, respondent_role, respondent_id, is_empty_repeat)
),

-- `is_left_behind`: the person is in several exports, and the rule says that another export counts.
duplicates as (
    select
        *,
        is_empty_repeat or is_repeated or is_in_several_exports as is_duplicate,
        not is_empty_repeat and (
            (is_repeated and has_other_answers) or (is_in_several_exports and first_priority is null)
        ) as is_conflicting_duplicate,
        is_in_several_exports and coalesce(duplicate_priority <> first_priority, first_priority is not null) as is_left_behind
    from occurrences
),

final as (
    select
        respondent_key,
        duplicates.respondent_number,
        duplicates.council_id || ':' || duplicates.respondent_id as person_key,
        duplicates.export_id,
        duplicates.council_id,
        duplicates.wave_id,
        duplicates.respondent_role,
        duplicates.provenance,
        duplicates.respondent_id,
        characteristics.* exclude (respondent_key),
        duplicates.is_id_blank,
        duplicates.is_duplicate,
        duplicates.is_conflicting_duplicate,
        -- The first of identical rows is kept. Conflicting rows are all excluded: nobody knows which one is right.
        duplicates.is_conflicting_duplicate
        or duplicates.is_left_behind
        or duplicates.is_empty_repeat
        or (duplicates.is_repeated and duplicates.place > 1)
        {%- for flag_id in var('excluded_flags') %}
        or coalesce(flags.is_{{ flag_id }}, false)
        {%- endfor %} as is_excluded,
        coalesce(flags.is_straight_liner, false) as is_straight_liner,
        coalesce(flags.is_speeder, false) as is_speeder,
        coalesce(flags.is_mostly_blank, false) as is_mostly_blank
    from duplicates
    left join flags using (respondent_key)
    left join characteristics using (respondent_key)
)

select * from final
