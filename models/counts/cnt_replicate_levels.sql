-- One row per council, wave, theme, topic, measure, breakdown or arm, replicate and number of answers: the sums of replicate
-- weights, and of these times the outcome's numerator, in surveys whose files have replicate weights.
with

measures as (
    select * from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and n_answered > 0
),

replicate_weights as (
    select * from {{ ref('int_replicate_weights') }}
),

groups as (
    select
        respondent_key,
        breakdown_id,
        breakdown_value
    from {{ ref('int_respondent_groups') }}
    union all
    select
        respondent_key,
        'arm' as breakdown_id,
        arm_id as breakdown_value
    from {{ ref('int_respondents') }}
    where arm_id is not null
),

final as (
    select
        measures.council_id,
        measures.wave_id,
        measures.theme_id,
        measures.topic_id,
        measures.measure_id,
        groups.breakdown_id,
        groups.breakdown_value,
        replicate_weights.replicate_number,
        replicate_weights.replicate_factor,
        measures.n_answered,
        sum(replicate_weights.replicate_weight) as sum_replicate_weight,
        sum(replicate_weights.replicate_weight * measures.n_positive) as sum_replicate_positive
    from replicate_weights
    inner join measures using (respondent_key)
    inner join groups using (respondent_key)
    where groups.breakdown_id <> 'arm' or measures.is_outcome
    group by all
)

select * from final
