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

-- In a small survey, comparing results with and without Don't Know would reveal how many people did not know.
few_dont_know as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        true as has_few_dont_know
    from {{ ref('est_dont_know_sensitivity') }}
    where weighting_id = 'unweighted' and n_dont_know > 0 and n_dont_know < {{ var('minimum_base') }}
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
            when few_dont_know.has_few_dont_know and results.dont_know_rule_id <> 'leave_out' then null
            else results.n_respondents
        end as n_base
    from results
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
    inner join methods using (method_id)
    left join few_dont_know using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
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
