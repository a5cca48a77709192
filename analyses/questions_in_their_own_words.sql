-- What did each council ask about satisfaction, in its own words, and which questions are reversed?
select
    questions.council_id,
    questions.theme_id,
    questions.topic_id,
    questions.column_name,
    constructs.construct_label,
    questions.question_text,
    questions.is_reversed
from {{ ref('dim_question') }} as questions
inner join {{ ref('dim_construct') }} as constructs using (construct_id)
where constructs.construct_id like 'satisfaction%'
order by questions.council_id, questions.theme_id, questions.topic_id, questions.column_name
