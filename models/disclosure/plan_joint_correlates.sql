-- One row per council, wave, theme, topic, outcome, correlate, rule for missing answers and weighting: whether what several
-- correlates at once say about it is withheld.
with

correlates as (
    select
        *,
        max(n_respondents) filter (where missing_id = 'complete' and weighting_id = 'unweighted') over (
            partition by council_id, wave_id, theme_id, topic_id, outcome_id
        ) as n_complete
    from {{ ref('est_joint_correlates') }}
    where model_id = 'ols'
),

-- A model whose correlates all have up to three answers has few unknown counts: the combinations of the answers.
short_models as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id
    from correlates
    where is_in_model
    group by all
    having max(n_answers) <= 3
),

people as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        scores,
        n_respondents,
        unnest(string_split(outcome_ids, ',')) as outcome_id,
        unnest(n_positive) as n_positive,
        unnest(n_answered) as n_answered
    from {{ ref('cnt_joint_correlates') }}
    where not list_contains(list_transform(scores, lambda score: isnan(score)), true)
),

combinations as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        sum(n_respondents) as n_respondents,
        sum({{ exact('n_respondents * n_positive / n_answered') }}) as n_with
    from people
    inner join short_models using (council_id, wave_id, theme_id, topic_id, outcome_id)
    where n_answered > 0
    group by council_id, wave_id, theme_id, topic_id, outcome_id, scores
),

rare_combinations as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        true as has_rare_combination
    from combinations
    where {{ missed_minimum('n_with') }} is not null
),

-- A weighted correlation is of those who have a weight.
bases as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id as correlate_topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        n_respondents as n_of_pair
    from {{ ref('est_correlates') }}
    where method_id = 'pearson'
),

pairs as (
    select
        * exclude (topic_id, n_respondents, n_answers, is_withheld, rule_id),
        topic_id as correlate_topic_id,
        is_withheld as is_pair_withheld
    from {{ ref('plan_correlates') }}
    inner join {{ ref('plan_weighted_outcomes') }}
        using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
),

ruled as (
    select
        correlates.*,
        coalesce(has_rare_combination, false)
        or coalesce(is_pair_withheld or (weighting_id = 'weighted' and are_weights_withheld), true)
        or n_answers <= 3
        and (n_fewest < {{ var('minimum_base') }} or round(n_fewest_side, 6) < {{ var('minimum_on_each_side') }})
        -- A reason says that all respondents of the model gave this answer, or have the outcome or not.
        or coalesce(reason in ('the correlate does not vary', 'the outcome does not vary'), false)
            as has_small_answer,
        -- A correlation of the same question from few people more would be one equation for their answers. So would the
        -- model of complete answers be, if the answers of few people are imputed.
        case missing_id
            when 'complete' then {{ is_few('n_of_pair - correlates.n_respondents') }}
            else {{ is_few('correlates.n_respondents - n_complete') }}
        end as has_few_more
    from correlates
    left join pairs using (council_id, wave_id, theme_id, correlate_topic_id, construct_id, outcome_id)
    left join bases using (council_id, wave_id, theme_id, correlate_topic_id, construct_id, outcome_id, weighting_id)
    left join rare_combinations using (council_id, wave_id, theme_id, topic_id, outcome_id)
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        construct_id,
        missing_id,
        weighting_id,
        -- The coefficients of a model are equations for the answers to all its correlates.
        bool_or(is_in_model and (has_small_answer or has_few_more)) over one_model
        or not is_in_model and has_small_answer as is_withheld
    from ruled
    window
        one_model as (
            partition by council_id, wave_id, theme_id, topic_id, outcome_id, missing_id, weighting_id
        )
)

select * from final
