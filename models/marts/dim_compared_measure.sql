-- One row per compared pair of waves, theme, topic and measure that both waves have: whether they can be compared.
with

pairs as (
    select * from {{ ref('dim_wave_pair') }}
),

-- Several printed answers with one name are one answer.
answers as (
    select
        scale_id,
        list_sort(list(distinct concat_ws(
            ' ', lower(coalesce(answer_name, answer_label)), answer_score, is_positive, is_often
        )) filter (where answer_kind = 'valid')) as valid_answers,
        bool_or(answer_kind = 'dont_know') as has_dont_know
    from {{ ref('stg_answer_codes') }}
    group by scale_id
),

exports as (
    select * from {{ ref('dim_export') }}
    where respondent_role = 'citizen' and council_id in (select pairs.council_id from pairs)
),

questions as (
    select * from {{ ref('stg_questions') }}
),

measured_columns as (
    select * from {{ ref('int_measured_columns') }}
),

-- A question that several files of a wave have is one question.
measured as (
    select
        exports.council_id,
        exports.wave_id,
        measured_columns.theme_id,
        measured_columns.topic_id,
        measured_columns.measure_id,
        measured_columns.is_outcome,
        questions.column_name,
        max(concat_ws(
            ' ',
            questions.is_reversed,
            questions.scale_minimum,
            questions.scale_maximum,
            array_to_string(answers.valid_answers, ', ')
        )) as scale,
        max({{ normalise_label('questions.question_text') }}) as words,
        bool_or(coalesce(answers.has_dont_know, false)) as has_dont_know
    from measured_columns
    inner join questions using (column_number)
    inner join exports using (export_id)
    left join answers using (scale_id)
    group by all
),

surveys as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        is_outcome,
        count(*) as n_questions,
        list(scale order by scale) as scales,
        list(words order by words) as words,
        bool_or(has_dont_know) as has_dont_know
    from measured
    group by all
),

final as (
    select
        pairs.council_id,
        pairs.earlier_wave_id,
        pairs.wave_id,
        theme_id,
        topic_id,
        measure_id,
        later.is_outcome,
        case
            when later.n_questions <> earlier.n_questions then 'other_questions'
            when later.scales <> earlier.scales then 'other_answers'
            else 'comparable'
        end as comparability_id,
        case
            when later.words <> earlier.words then 'other_words'
            when later.has_dont_know <> earlier.has_dont_know then 'other_dont_know'
        end as caution_id
    from pairs
    inner join surveys as later on pairs.council_id = later.council_id and pairs.wave_id = later.wave_id
    inner join surveys as earlier using (theme_id, topic_id, measure_id)
    where pairs.council_id = earlier.council_id and pairs.earlier_wave_id = earlier.wave_id
)

select * from final
