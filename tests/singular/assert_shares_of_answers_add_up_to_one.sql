-- The shares of all answers to a question add up to 1 in each group.
select
    council_id,
    wave_id,
    theme_id,
    topic_id,
    respondent_role,
    construct_id,
    column_name,
    scale_id,
    breakdown_id,
    breakdown_value,
    weighting_id,
    sum(estimate) as sum_of_shares
from {{ ref('est_answer_shares') }}
where statistic_id = 'share'
group by all
having abs(sum(estimate) - 1) > 1e-9
