-- One row per row of an export whose respondent id several rows of the council, wave and role have: which of them counts.
with

exports as (
    select
        *,
        dense_rank() over (order by council_id, wave_id, respondent_role) as survey_number
    from {{ ref('int_exports') }}
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
),

-- The codes of a blank cell: a scale may say that it is an answer, and the cell of a question not put is blank, too.
codes_of_blanks as (
    select [{{ blank_answer() }}, {{ not_asked_answer() }}] || coalesce(list(answer_id), []) as blank_ids
    from {{ ref('stg_answer_codes') }}
    where normalised_label = ''
),

rows_with_an_id as (
    select
        coded_exports.respondent_number,
        exports.survey_number,
        coded_exports.respondent_id,
        exports.duplicate_priority
    from coded_exports
    inner join exports using (export_id)
    where coded_exports.respondent_id is not null
),

shared_ids as (
    select
        survey_number,
        respondent_id
    from rows_with_an_id
    group by all
    having count(*) > 1
),

-- Few rows share an id, and only the answers of these rows are read.
coded_rows as (
    select
        rows_with_an_id.*,
        coded_exports.export_id,
        coded_exports.occurrence,
        coded_exports.answer_ids,
        coded_exports.unlisted_labels,
        len(coded_exports.answer_ids) > 0 and list_has_all(codes_of_blanks.blank_ids, coded_exports.answer_ids) as has_no_answer
    from rows_with_an_id
    inner join shared_ids using (survey_number, respondent_id)
    inner join coded_exports using (respondent_number)
    cross join codes_of_blanks
),

-- A row without any answer, of a person who has answered in another row, is no second answer: a survey tool writes such
-- a row for a repeated form.
answering_rows as (
    select
        *,
        has_no_answer and not bool_and(has_no_answer) over same_person as is_empty_repeat
    from coded_rows
    window same_person as (partition by survey_number, respondent_id)
),

occurrences as (
    select
        *,
        count(*) over same_respondent > 1 as is_repeated,
        -- Rows with equal answers are one person entered twice, so they do not conflict.
        count(*) over same_respondent <> count(*) over same_answers as has_other_answers,
        row_number() over (same_respondent order by occurrence) as place,
        min(export_id) over same_person <> max(export_id) over same_person as is_in_several_exports,
        min(duplicate_priority) over same_person as first_priority
    from answering_rows
    window
        same_respondent as (partition by export_id, respondent_id, is_empty_repeat),
        same_answers as (partition by export_id, respondent_id, is_empty_repeat, answer_ids, unlisted_labels),
        same_person as (partition by survey_number, respondent_id, is_empty_repeat)
),

-- The first of identical rows is kept. Conflicting rows are all left out: nobody knows which one is right. A person in
-- several exports may be left to the export that counts.
final as (
    select
        respondent_number,
        is_empty_repeat or is_repeated or is_in_several_exports as is_duplicate,
        not is_empty_repeat and (
            (is_repeated and has_other_answers) or (is_in_several_exports and first_priority is null)
        ) as is_conflicting_duplicate,
        is_empty_repeat or (is_repeated and place > 1) or (
            is_in_several_exports and coalesce(duplicate_priority <> first_priority, first_priority is not null)
        ) as is_left_to_another_row
    from occurrences
)

select * from final
