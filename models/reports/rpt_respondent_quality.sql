-- One row per council, wave, theme, outcome and flag of respondent quality: the level with and without those flagged.
with

counts as (
    select * from {{ ref('cnt_respondent_flags') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

themes as (
    select * from {{ ref('dim_theme') }}
),

levels as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        flag_id,
        cast(sum(n_respondents) as bigint) as n_respondents,
        cast(coalesce(sum(n_respondents) filter (where is_flagged), 0) as bigint) as n_flagged,
        sum(n_respondents) filter (where is_flagged and is_excluded) as n_excluded,
        sum(n_respondents) filter (where is_flagged and not is_excluded) as n_kept,
        sum(n_respondents * n_positive / n_answered) / sum(n_respondents) as level_with,
        sum(n_respondents * n_positive / n_answered) filter (where not is_flagged)
        / sum(n_respondents) filter (where not is_flagged) as level_without
    from counts
    group by all
),

protected as (
    select
        *,
        -- Two levels that differ by a few respondents tell of these. rpt_levels is a third: the level with differs from it
        -- by those flagged who are excluded, the level without by those who are kept. A null differs by nobody.
        least(n_respondents, nullif(n_respondents - n_flagged, n_respondents), n_kept, n_excluded) as n_base
    from levels
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        flag_id,
        {{ reported('100 * level_with', 0) }} as level_with,
        {{ reported('100 * level_without', 0) }} as level_without,
        {{ reported('100 * (level_without - level_with)', 1) }} as estimate,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_flagged') }} as n_flagged,
        {{ base_flags() }}
    from protected
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        themes.theme_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.flag_id,
        case rounded.flag_id
            when 'duplicate' then 'Several rows with one id'
            when 'straight_liner' then 'One answer throughout'
            when 'speeder' then 'Answered in a third of the usual time'
            else 'Mostly blank'
        end as flag_label,
        case rounded.flag_id
            when 'duplicate' then 'all but one of identical rows'
            {%- for flag_id in var('excluded_flags') %}
            when '{{ flag_id }}' then 'excluded'
            {%- endfor %}
            else 'kept'
        end as treatment,
        rounded.level_with,
        rounded.level_without,
        rounded.estimate,
        'points of 0-100' as unit_label,
        rounded.n_respondents,
        rounded.n_flagged,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join themes on rounded.theme_id = themes.theme_id
)

select * from final
order by council_id, wave_id, theme_id, outcome_id, flag_id
