-- One row per council, wave, theme, topic, construct, outcome and answer (kind, score): the mean outcome of those who
-- gave it. The shape behind a correlation.
with

correlates as (
    select * from {{ ref('est_correlates') }}
    where method_id = 'pearson' and weighting_id = 'unweighted' and {{ is_divisible() }}
),

levels as (
    select answer_levels.*
    from {{ ref('est_answer_levels') }} as answer_levels
    inner join correlates
        on
            answer_levels.council_id = correlates.council_id
            and answer_levels.wave_id = correlates.wave_id
            and answer_levels.theme_id = correlates.theme_id
            and answer_levels.topic_id = correlates.topic_id
            and answer_levels.construct_id = correlates.construct_id
            and answer_levels.outcome_id = correlates.outcome_id
),

-- A group of a breakdown that is withheld there is withheld here.
withheld_groups as (
    select * from {{ ref('rpt_levels') }}
    where topic_id = 'all' and is_withheld and weighting_id = 'unweighted'
),

-- The answers make up the respondents of the correlation, and with Don't Know nearly all who have the outcome: so one
-- answer is all less the others. How many do not know, the share of Don't Know tells.
given_answers as (
    {{ withheld_parts(
        'levels',
        whole=['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'outcome_id'],
        parts=['answer_kind', 'score'],
        is_told_elsewhere="answer_kind <> 'valid'"
    ) | indent(4) }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

questions as (
    select
        questions.*,
        scales.minimum as scale_minimum,
        scales.maximum as scale_maximum
    from {{ ref('dim_question') }} as questions
    inner join {{ ref('scales') }} as scales on questions.scale_id = scales.scale_id
    where questions.is_primary
),

answers as (
    select * from {{ ref('answers') }}
    where answer_kind = 'valid' and answer_score is not null
),

-- Several answers may share a score: all groups but White have 1.
names_of_scores as (
    select
        questions.council_id,
        questions.wave_id,
        questions.theme_id,
        questions.topic_id,
        questions.construct_id,
        {{ reversed('answers.answer_score') }} as score,
        string_agg(distinct answers.answer_name, ', ' order by answers.answer_name) as answer_name
    from questions
    inner join answers on questions.scale_id = answers.scale_id
    group by all
),

protected as (
    select
        levels.*,
        case
            when levels.answer_kind = 'dont_know' then 'Don''t know'
            else coalesce(names_of_scores.answer_name, cast(levels.score as varchar))
        end as answer_name,
        case
            when not given_answers.is_withheld and withheld_groups.council_id is null then levels.n_respondents
        end as n_base
    from levels
    inner join given_answers
        on
            levels.council_id = given_answers.council_id
            and levels.wave_id = given_answers.wave_id
            and levels.theme_id = given_answers.theme_id
            and levels.topic_id = given_answers.topic_id
            and levels.construct_id = given_answers.construct_id
            and levels.outcome_id = given_answers.outcome_id
            and levels.answer_kind = given_answers.answer_kind
            and levels.score is not distinct from given_answers.score
    -- A question about the person has no theme, and goes with all of them.
    left join names_of_scores
        on
            levels.council_id = names_of_scores.council_id
            and levels.wave_id = names_of_scores.wave_id
            and levels.construct_id = names_of_scores.construct_id
            and levels.score = names_of_scores.score
            and levels.theme_id = coalesce(names_of_scores.theme_id, levels.theme_id)
            and (levels.topic_id = names_of_scores.topic_id or names_of_scores.theme_id is null)
    left join withheld_groups
        on
            levels.council_id = withheld_groups.council_id
            and levels.wave_id = withheld_groups.wave_id
            and levels.theme_id = withheld_groups.theme_id
            and levels.outcome_id = withheld_groups.measure_id
            and withheld_groups.breakdown_id
            = case levels.construct_id when 'age' then 'age_band' else levels.construct_id end
            and withheld_groups.breakdown_value
            = case
                when levels.construct_id <> 'ethnicity' then names_of_scores.answer_name
                when levels.score = 0 then 'White'
                else 'Other'
            end
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        answer_kind,
        score,
        weighting_id,
        {{ reported('100 * estimate', 0) }} as estimate,
        {{ reported('100 * ci_lower', 0) }} as ci_lower,
        {{ reported('100 * ci_upper', 0) }} as ci_upper,
        answer_name,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from protected
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
        rounded.construct_id,
        constructs.construct_label,
        rounded.outcome_id,
        {{ outcome_label('rounded.outcome_id') }} as outcome_label,
        rounded.answer_kind,
        rounded.score,
        rounded.answer_name,
        rounded.weighting_id,
        rounded.estimate,
        'per cent' as unit_label,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
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
    inner join constructs on rounded.construct_id = constructs.construct_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, construct_id, outcome_id, answer_kind, score, weighting_id
