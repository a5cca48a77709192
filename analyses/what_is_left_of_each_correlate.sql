-- Which correlations are still seen when the other correlates are held constant?
select
    outcome_label,
    construct_label,
    count(*) filter (where correlation_alone_stars <> '') as n_correlated,
    count(*) filter (where change_id = 'stays') as n_that_stay,
    count(*) filter (where change_id = 'vanishes') as n_that_vanish,
    count(*) filter (where change_id = 'turns') as n_that_turn_their_sign,
    count(*) filter (where change_id = 'appears') as n_that_appear,
    max(provenance) as provenance
from {{ ref('rpt_joint_correlates') }}
where
    weighting_id = 'unweighted'
    and missing_id = 'imputed'
    and model_id = case outcome_id when 'individual_index' then 'ols' else 'logit_marginal' end
group by outcome_label, construct_label
order by outcome_label desc, construct_label asc
