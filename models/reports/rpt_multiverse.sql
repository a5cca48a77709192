-- One row per council, wave, theme, correlate (topic, construct), outcome and distinct result (n, estimate, p): the
-- correlation under one or more combinations of defensible choices.
with

results as (
    select * from {{ ref('est_multiverse_results') }}
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

methods as (
    {{ labels_of('method_id') }}
),

plan as (
    select
        * exclude (n_answers, n_respondents, n_dont_know, is_withheld),
        is_withheld as is_pair_withheld
    from {{ ref('plan_correlates') }}
),

plan_of_specifications as (
    select
        * exclude (n_respondents, is_withheld),
        is_withheld as is_specification_withheld
    from {{ ref('plan_specifications') }}
),

labelled as (
    select
        results.*,
        survey_topics.council_label,
        survey_topics.theme_label,
        survey_topics.topic_label,
        constructs.construct_label,
        outcomes.outcome_label,
        methods.unit_label,
        survey_topics.provenance,
        case
            when
                not (plan.is_pair_withheld or plan_of_specifications.is_specification_withheld)
                and not (plan.is_dont_know_withheld and results.dont_know_rule_id <> 'leave_out')
                then results.n_respondents
        end as n_base
    from results
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
    inner join methods using (method_id)
    inner join plan using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
    inner join plan_of_specifications
        using (
            council_id,
            wave_id,
            theme_id,
            topic_id,
            construct_id,
            outcome_id,
            dont_know_rule_id,
            outcome_rule_id,
            duplicates_rule_id,
            outliers_rule_id
        )
),

final as (
    select
        * exclude (n_base) replace (
            {{ reported('estimate', 3) }} as estimate,
            {{ unless_withheld('n_respondents') }} as n_respondents,
            {{ reported_p('p_value') }} as p_value
        ),
        {{ reported_stars('p_value') }} as stars,
        {{ base_flags() }}
    from labelled
)

select * from final
