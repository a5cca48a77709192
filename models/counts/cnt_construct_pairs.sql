-- One row per council, wave, theme, topic (of the political question), outcome, value of the outcome and pair of
-- answers on political and personal self-efficacy: how many citizens have this combination. Missing answers are counted
-- too.
with

respondents as (
    select
        *,
        dense_rank() over (order by council_id, wave_id) as survey_number
    from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

surveys as (
    select distinct
        survey_number,
        council_id,
        wave_id
    from respondents
),

correlates as (
    select distinct
        correlate_number,
        theme_id,
        topic_id,
        construct_id
    from {{ ref('int_correlated_columns') }}
),

questions as (
    select *
    from {{ places_of_scores() }} as places
    inner join correlates using (correlate_number)
),

personal as (
    select * from questions
    where construct_id = 'personal_self_efficacy'
),

whole_theme as (
    select * from personal
    where topic_id = 'all'
),

-- If an export asks about personal self-efficacy by topic, the answer about the same topic is compared.
pairs as (
    select
        export_id,
        political.correlate_number,
        themes.theme_number,
        political.place_in_scores as political_place,
        coalesce(same_topic.place_in_scores, whole_theme.place_in_scores) as personal_place
    from questions as political
    inner join {{ numbered_themes() }} as themes using (theme_id)
    left join personal as same_topic using (export_id, theme_id, topic_id)
    left join whole_theme using (export_id, theme_id)
    where political.construct_id = 'political_self_efficacy' and personal_place is not null
),

counted as (
    select
        respondents.survey_number,
        pairs.correlate_number,
        list_extract(outcomes.outcome_set_numbers, pairs.theme_number) as outcome_set_number,
        list_extract(scores.scores, pairs.political_place) as political_score,
        list_extract(scores.scores, pairs.personal_place) as personal_score,
        {{ count_respondents('respondents.weight') }}
    from {{ ref('int_correlate_scores') }} as scores
    inner join {{ ref('int_included_outcomes') }} as outcomes using (respondent_number)
    inner join respondents using (respondent_number)
    inner join pairs using (export_id)
    group by all
),

final as (
    select
        surveys.council_id,
        surveys.wave_id,
        correlates.theme_id,
        correlates.topic_id,
        outcome_sets.outcome_id,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        -- Neither NaN nor infinity, which say why there is no score, is less than infinity.
        case when counted.political_score < {{ no_score() }} then counted.political_score end as political_score,
        case when counted.personal_score < {{ no_score() }} then counted.personal_score end as personal_score,
        {{ add_up_respondents() }}
    from counted
    inner join surveys using (survey_number)
    inner join correlates using (correlate_number)
    inner join {{ ref('int_outcome_sets') }} as outcome_sets using (outcome_set_number)
    where outcome_sets.topic_id = 'all'
    group by all
)

select * from final
