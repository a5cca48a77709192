-- One row per council, wave, theme, topic, outcome and comparison: political against personal self-efficacy, where a
-- survey asks both.
with

efficacy as (
    select
        *,
        n_respondents as n_base
    from {{ ref('est_efficacy') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        comparison_id,
        weighting_id,
        {{ reported('estimate', 3) }} as estimate,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported_p('p_value') }} as p_value,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from efficacy
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        topics.theme_label,
        rounded.topic_id,
        topics.topic_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.comparison_id,
        case rounded.comparison_id
            when 'political_outcome' then 'Political self-efficacy with the outcome'
            when 'personal_outcome' then 'Personal self-efficacy with the outcome'
            when 'political_personal' then 'Political with personal self-efficacy'
            when 'difference' then 'Political less personal, each with the outcome'
        end as comparison_label,
        rounded.weighting_id,
        rounded.estimate,
        case rounded.comparison_id
            when 'difference' then 'difference of correlations, -2 to 2'
            else 'correlation, -1 to 1'
        end as unit_label,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.p_value,
        case
            when rounded.is_withheld then 'withheld: ' || rounded.withheld_reason
            when rounded.reason is not null then 'not tested: ' || rounded.reason
            when rounded.comparison_id <> 'difference' and rounded.p_value <= 0.05
                then 'the two go together, ' || case when rounded.estimate >= 0 then 'both high' else 'one high, one low' end
            when rounded.comparison_id <> 'difference' then 'the two are not seen to go together'
            when rounded.p_value <= 0.05 and rounded.estimate > 0
                then 'the outcome goes with political self-efficacy more than with personal'
            when rounded.p_value <= 0.05 then 'the outcome goes with personal self-efficacy more than with political'
            else 'no difference is seen'
        end as in_words,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, outcome_id, comparison_id, weighting_id
