-- One row per council, wave, theme, topic (of the political question), outcome, value of the outcome and pair of
-- answers on political and personal self-efficacy: how many citizens have this combination. Missing answers are counted
-- too.
with

outcome_values as (
    select * rename (measure_id as outcome_id) from {{ ref('fct_respondent_measure') }}
    where respondent_role = 'citizen' and is_outcome and topic_id = 'all'
),

political as (
    select * from {{ ref('fct_respondent_correlate') }}
    where construct_id = 'political_self_efficacy'
),

personal as (
    select * from {{ ref('fct_respondent_correlate') }}
    where construct_id = 'personal_self_efficacy'
),

whole_theme as (
    select * from personal
    where topic_id = 'all'
),

-- If a survey asks about personal self-efficacy by topic, the answer about the same topic is compared.
pairs as (
    select
        respondent_key,
        theme_id,
        topic_id,
        political.score as political_score,
        case when same_topic.construct_id is not null then same_topic.score else whole_theme.score end as personal_score
    from political
    left join personal as same_topic using (respondent_key, theme_id, topic_id)
    left join whole_theme using (respondent_key, theme_id)
    where same_topic.construct_id is not null or whole_theme.construct_id is not null
),

final as (
    select
        outcome_values.council_id,
        outcome_values.wave_id,
        theme_id,
        pairs.topic_id,
        outcome_values.outcome_id,
        outcome_values.n_positive,
        outcome_values.n_answered,
        pairs.political_score,
        pairs.personal_score,
        {{ count_respondents('outcome_values.weight') }}
    from outcome_values
    inner join pairs using (respondent_key, theme_id)
    group by all
)

select * from final
