-- Which results about single answers are withheld, and why?
select
    council_label,
    construct_label,
    withheld_reason,
    count(*) as n_withheld
from {{ ref('rpt_answer_levels') }}
where is_withheld
group by council_label, construct_label, withheld_reason
order by council_label, construct_label, withheld_reason
