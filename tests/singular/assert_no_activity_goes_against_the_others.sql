-- If an activity has a significant negative correlation with the others of its index (1 per cent, two-sided), its
-- answers are probably coded the wrong way round. A tick box has no such order, and boxes of which only ticks show who saw
-- them go against each other by chance.
with

tick_boxes as (
    select questions.column_name
    from {{ ref('stg_questions') }} as questions
    inner join {{ ref('stg_answer_codes') }} as answers using (scale_id)
    where answers.normalised_label = '' and answers.answer_kind = 'valid'
),

quality as (
    select * from {{ ref('est_index_quality') }}
    where item_id <> 'all' and n_respondents > 3 and item_id not in (select column_name from tick_boxes)
)

select *
from quality
where
    item_rest_correlation <= -1
    or (item_rest_correlation < 0 and atanh(item_rest_correlation) * sqrt(n_respondents - 3) < -2.5758)
