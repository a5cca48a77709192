-- One row per council, wave, theme, outcome and flag of respondent quality: the level with and without respondents with
-- the flag.
with

quality as (
    select
        *,
        'all' as topic_id,
        case
            when flag_id = 'duplicate' then 'one_kept'
            when list_contains({{ var('excluded_flags') }}, flag_id) then 'excluded'
            else 'kept'
        end as treatment_id,
        -- Comparing two levels that differ by a few respondents would reveal these respondents. rpt_levels has a third
        -- level, without the flagged who are excluded and with the flagged who are kept. If nobody has the flag, both
        -- levels are equal and reveal nobody.
        least(
            n_respondents,
            case when n_flagged > 0 then n_respondents - n_flagged end,
            nullif(n_flagged_kept, 0),
            nullif(n_flagged_excluded, 0)
        ) as n_base
    from {{ ref('est_respondent_quality') }}
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
