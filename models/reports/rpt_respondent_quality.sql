-- One row per council, wave, theme, outcome and flag of respondent quality: the level with and without respondents with
-- the flag.
with

plan as (
    select * from {{ ref('plan_flags') }}
),

quality as (
    select
        * exclude (is_withheld),
        'all' as topic_id,
        case
            when flag_id = 'duplicate' then 'one_kept'
            when list_contains({{ var('excluded_flags') }}, flag_id) then 'excluded'
            else 'kept'
        end as treatment_id,
        case when not is_withheld then n_smallest end as n_base
    from {{ ref('est_respondent_quality') }}
    inner join plan using (council_id, wave_id, theme_id, outcome_id, flag_id)
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

outcomes as (
    {{ labels_of('outcome_id') }}
),

flags as (
    {{ labels_of('flag_id') }}
),

treatments as (
    {{ labels_of('treatment_id') }}
),

final as (
    select
        quality.council_id,
        survey_topics.council_label,
        quality.wave_id,
        quality.theme_id,
        survey_topics.theme_label,
        quality.outcome_id,
        outcomes.outcome_label,
        quality.flag_id,
        flags.flag_label,
        quality.treatment_id,
        treatments.treatment_label,
        {{ reported('100 * quality.level_with', 0) }} as level_with,
        {{ reported('100 * quality.level_without', 0) }} as level_without,
        {{ reported('100 * quality.estimate', 1) }} as estimate,
        flags.unit_label,
        {{ unless_withheld('quality.n_respondents') }} as n_respondents,
        {{ unless_withheld('quality.n_flagged') }} as n_flagged,
        {{ base_flags() }},
        survey_topics.provenance
    from quality
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    inner join outcomes using (outcome_id)
    inner join flags using (flag_id)
    inner join treatments using (treatment_id)
)

select * from final
