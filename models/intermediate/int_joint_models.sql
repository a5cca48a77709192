-- One row per council, wave, theme, topic and construct: the correlates that are in one model of the topic together.
with

respondents as (
    select * from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

surveys as (
    select distinct
        group_set_number,
        council_id,
        wave_id
    from respondents
),

correlates as (
    select distinct
        correlate_number,
        theme_id,
        topic_id as correlate_topic_id,
        construct_id
    from {{ ref('int_correlated_columns') }}
),

-- The correlates that somebody who counts was asked about.
asked as (
    select distinct
        respondents.group_set_number,
        cells.correlate_number
    from {{ ref('int_correlate_cells') }} as cells
    inner join respondents using (respondent_number)
),

questions as (
    select distinct
        surveys.council_id,
        surveys.wave_id,
        correlates.*
    from asked
    inner join surveys using (group_set_number)
    inner join correlates using (correlate_number)
),

-- The whole theme is a topic of its own only if no correlate is about a part of it.
topics as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        correlate_topic_id as topic_id
    from questions
    qualify topic_id <> 'all' or bool_and(correlate_topic_id = 'all') over (partition by council_id, wave_id, theme_id)
),

-- If a question is asked about the topic and about the theme, the one about the topic is in the model.
final as (
    select
        dense_rank() over (order by council_id, wave_id, theme_id, topic_id) as model_number,
        dense_rank() over (partition by council_id, wave_id, theme_id, topic_id order by construct_id) as place,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        questions.correlate_topic_id,
        questions.correlate_number
    from topics
    inner join questions using (council_id, wave_id, theme_id)
    where questions.correlate_topic_id in ('all', topic_id)
    qualify
        row_number() over (
            partition by council_id, wave_id, theme_id, topic_id, construct_id
            order by questions.correlate_topic_id = topic_id desc
        ) = 1
)

select * from final
