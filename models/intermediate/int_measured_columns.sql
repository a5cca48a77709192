-- One row per claimed column, topic and measure to which its answers contribute: `all` and the topic of the column.
with

questions as (
    select
        * exclude (topic_id),
        unnest(list_distinct([topic_id, 'all'])) as topic_id
    from {{ ref('stg_questions') }}
),

measures as (
    select * from {{ ref('measures') }}
),

final as (
    select
        questions.column_number,
        cast(
            dense_rank() over (order by measures.measure_id, questions.theme_id, questions.topic_id) as smallint
        ) as measure_number,
        questions.theme_id,
        questions.topic_id,
        measures.measure_id,
        construct_id,
        measures.is_outcome,
        measures.kind,
        coalesce(measures.counts_answer, 'positive') as counts_answer,
        coalesce(measures.minimum_share_answered, 0) as minimum_share_answered,
        measures.minimum_score,
        measures.maximum_score,
        questions.scale_minimum,
        questions.scale_maximum,
        questions.score_units
    from questions
    inner join measures using (construct_id)
)

select * from final
