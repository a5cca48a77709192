-- One row per council, wave, theme, construct and outcome: the share of specifications that support the conclusion
-- about the area. An area is positive or negative if any of its topics is.
with

-- The shares of an area tell the direction and the p of the correlations in it.
withheld as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        construct_id,
        outcome_id
    from {{ ref('plan_correlates') }}
    where is_withheld
),

areas as (
    select
        *,
        'all' as topic_id
    from {{ ref('est_multiverse_areas') }}
    anti join withheld using (council_id, wave_id, theme_id, construct_id, outcome_id)
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

final as (
    select
        areas.* exclude (topic_id) replace (
            {{ round_half_away('areas.share_supporting', 3) }} as share_supporting,
            {{ round_half_away('areas.share_positive', 3) }} as share_positive,
            {{ round_half_away('areas.share_negative', 3) }} as share_negative
        ),
        survey_topics.council_label,
        survey_topics.theme_label,
        constructs.construct_label,
        outcomes.outcome_label,
        conclusions.conclusion_label,
        sources.source_label,
        survey_topics.provenance
    from areas
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join constructs using (construct_id)
    inner join outcomes using (outcome_id)
    inner join conclusions using (conclusion_id)
    inner join sources using (source_id)
)

select * from final
