-- One row per council, wave, theme, topic, construct, outcome and answer (kind, score): the mean outcome of the
-- respondents who gave this answer.
with

correlates as (
    select * from {{ ref('est_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted' and {{ is_divisible() }}
),

levels as (
    select estimates.*
    from {{ ref('est_answer_levels') }} as estimates
    inner join correlates using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
),

plan as (
    select
        * exclude (n_respondents, n_with, rule_id, is_withheld),
        is_withheld as is_part_withheld
    from {{ ref('plan_answer_groups') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

answer_names as (
    select * from {{ ref('dim_answer_name') }}
),

decided as (
    select
        levels.*,
        answer_names.answer_name,
        case when not plan.is_part_withheld then levels.n_respondents end as n_base
    from levels
    inner join plan
        on
            levels.council_id = plan.council_id
            and levels.wave_id = plan.wave_id
            and levels.theme_id = plan.theme_id
            and levels.topic_id = plan.topic_id
            and levels.construct_id = plan.construct_id
            and levels.outcome_id = plan.outcome_id
            and levels.answer_kind = plan.answer_kind
            and levels.score is not distinct from plan.score
    left join answer_names
        on
            levels.council_id = answer_names.council_id
            and levels.wave_id = answer_names.wave_id
            and levels.theme_id = answer_names.theme_id
            and levels.topic_id = answer_names.topic_id
            and levels.construct_id = answer_names.construct_id
            and levels.score = answer_names.score
),

final as (
    select
        survey_topics.*,
        construct_id,
        construct_label,
        outcome_id,
        outcome_label,
        answer_kind,
        score,
        case answer_kind
            when 'dont_know' then {{ label_of('answer_kind', 'dont_know') }}
            else coalesce(answer_name, cast(score as varchar))
        end as answer_name,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        {{ base_flags() }},
        {{ unless_withheld('reason') }} as reason
    from decided
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    left join outcomes using (outcome_id)
)

select * from final
