-- One row per council, wave, theme, topic, construct and outcome: the share of specifications that support the
-- conclusion about the correlation.
with

cells as (
    select * from {{ ref('est_multiverse_cells') }}
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

conclusions as (
    {{ labels_of('conclusion_id') }}
),

sources as (
    {{ labels_of('source_id') }}
),

-- The shares tell the direction and the p of the correlation.
plan as (
    select * exclude (n_answers, n_respondents, is_withheld) from {{ ref('plan_correlates') }}
    where not is_withheld
),

-- The extremes over all specifications could be those of one that is withheld.
shown as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        min(estimate) as smallest_shown,
        max(estimate) as largest_shown
    from {{ ref('rpt_multiverse') }}
    group by all
),

labelled as (
    select
        cells.* exclude (n_respondents) replace (
            shown.smallest_shown as estimate_min,
            shown.largest_shown as estimate_max
        ),
        -- If few people do not know, the extremes over all readings would reveal them.
        case when not {{ is_few('plan.n_dont_know') }} then cells.n_respondents end as n_base,
        survey_topics.council_label,
        survey_topics.theme_label,
        survey_topics.topic_label,
        constructs.construct_label,
        outcomes.outcome_label,
        conclusions.conclusion_label,
        sources.source_label,
        survey_topics.provenance
    from cells
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
    inner join conclusions using (conclusion_id)
    inner join sources using (source_id)
    inner join plan using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
    inner join shown using (council_id, wave_id, theme_id, topic_id, construct_id, outcome_id)
),

final as (
    select
        * exclude (n_base) replace (
            {{ round_half_away('share_supporting', 3) }} as share_supporting,
            {{ round_half_away('share_same_direction', 3) }} as share_same_direction,
            {{ round_half_away('share_positive', 3) }} as share_positive,
            {{ round_half_away('share_negative', 3) }} as share_negative,
            {{ round_half_away('share_none', 3) }} as share_none,
            {{ reported('estimate_min', 3) }} as estimate_min,
            {{ reported('estimate_median', 3) }} as estimate_median,
            {{ reported('estimate_max', 3) }} as estimate_max
        )
    from labelled
)

select * from final
