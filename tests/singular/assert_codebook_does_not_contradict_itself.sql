-- The codebook is plain text that many people edit: each returned row is a contradiction.
with

questions as (
    select * from {{ ref('stg_questions') }}
),

answers as (
    select * from {{ ref('stg_answer_codes') }}
),

listed_questions as (
    select
        exports.export_id,
        questions.column_name || coalesce(':' || questions.option, '') as column_name
    from {{ ref('questions') }} as questions
    inner join {{ ref('stg_exports') }} as exports on questions.export_id = exports.questionnaire_id
)

select
    'a question with an unknown construct or scale' as contradiction,
    listed_questions.export_id || ', ' || listed_questions.column_name as place
from listed_questions
left join questions
    on
        listed_questions.export_id = questions.export_id
        and listed_questions.column_name = questions.column_name
where questions.column_name is null
union all
select
    'a label that stands twice in one scale' as contradiction,
    scale_id || ', ' || normalised_label as place
from answers
group by scale_id, normalised_label
having count(*) > 1
union all
select
    'a score on an answer that is not valid' as contradiction,
    scale_id || ', ' || answer_label as place
from answers
where answer_kind <> 'valid' and answer_score is not null
union all
select
    'not exactly one primary question for a construct, theme and topic' as contradiction,
    export_id || ', ' || construct_id as place
from questions
where construct_role in ('correlate', 'demographic', 'design', 'weight')
group by export_id, construct_id, theme_id, topic_id
-- The arm of an experiment may stand in one column for each arm.
having count(*) filter (where is_primary) <> 1 and not (construct_id = 'nudge' and bool_or(is_primary))
union all
select
    'an outcome worded the other way round' as contradiction,
    export_id || ', ' || column_name as place
from questions
where construct_role = 'outcome' and is_reversed
union all
select
    'a topic that its theme does not have' as contradiction,
    questions.export_id || ', ' || questions.column_name as place
from questions
left join {{ ref('topics') }} as topics
    on
        questions.theme_id = topics.theme_id
        and questions.topic_id = topics.topic_id
where questions.theme_id is not null and topics.topic_id is null
