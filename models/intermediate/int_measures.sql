-- One row per respondent, theme, topic and measure asked about, excluded respondents too: n_positive of n_answered.
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

measures as (
    select * from {{ ref('measures') }}
),

cells as (
    select
        * exclude (topic_id),
        unnest(list_distinct([topic_id, 'all'])) as topic_id,
        answer_kind = 'valid' as is_valid
    from {{ ref('int_coded_cells') }}
    where construct_id in (select measures.construct_id from measures) and answer_kind <> 'not_asked'
),

items as (
    select
        cells.respondent_key,
        cells.theme_id,
        cells.topic_id,
        measures.measure_id,
        construct_id,
        measures.is_outcome,
        measures.kind,
        measures.minimum_share_answered,
        -- A valid answer without a score, such as "another way", has no mean.
        cells.is_valid
        and (measures.kind in ('share_of_items', 'any_item') or cells.answer_score is not null) as is_valid,
        cells.is_positive,
        cells.is_often,
        cells.answer_score >= measures.minimum_score as is_enough,
        cells.answer_score <= measures.maximum_score as is_nothing,
        (cells.answer_score - cells.scale_minimum) * cells.score_units as score_above_minimum,
        (cells.scale_maximum - cells.scale_minimum) * cells.score_units as score_range,
        coalesce(measures.counts_answer, 'positive') as counts_answer
    from cells
    inner join measures using (construct_id)
),

counted as (
    select
        respondent_key,
        theme_id,
        topic_id,
        measure_id,
        construct_id,
        is_outcome,
        kind,
        counts_answer,
        count(*) * max(coalesce(minimum_share_answered, 0)) as n_needed,
        -- Whether an answer is often is unknown on a scale that does not say so.
        count(*) filter (where is_valid and (counts_answer = 'positive' or is_often is not null)) as n_valid,
        count(*) filter (where is_valid and is_positive) as n_positive,
        count(*) filter (where is_valid and is_often) as n_often,
        bool_or(is_enough) filter (where is_valid) as is_enough,
        bool_and(is_nothing) filter (where is_valid) as is_nothing,
        cast(sum(score_above_minimum) filter (where is_valid) as bigint) as score_above_minimum,
        cast(sum(score_range) filter (where is_valid) as bigint) as score_range
    from items
    group by all
),

valued as (
    select
        *,
        n_valid > 0 and n_valid >= n_needed as has_value,
        case counts_answer
            when 'positive' then n_positive
            when 'often' then n_often
            when 'positive_not_often' then n_positive - n_often
        end as n_counted
    from counted
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.arm_id,
        weights.weight_counted as weight,
        respondents.is_excluded,
        respondent_key,
        valued.theme_id,
        valued.topic_id,
        valued.measure_id,
        valued.construct_id,
        valued.is_outcome,
        case
            when not valued.has_value then null
            when valued.kind = 'share_of_items' then valued.n_counted
            when valued.kind = 'any_item' and valued.counts_answer = 'positive_not_often'
                then cast(valued.n_positive > 0 and valued.n_often = 0 as bigint)
            when valued.kind = 'any_item' then cast(valued.n_counted > 0 as bigint)
            when valued.kind = 'at_least' then cast(valued.is_enough as bigint)
            when valued.kind = 'net_score' then cast(valued.is_enough as bigint) + cast(not valued.is_nothing as bigint)
            else valued.score_above_minimum
        end as n_positive,
        case
            when not valued.has_value then null
            when valued.kind = 'share_of_items' then valued.n_valid
            when valued.kind in ('any_item', 'at_least') then 1
            when valued.kind = 'net_score' then 2
            else valued.score_range
        end as n_answered
    from valued
    inner join respondents using (respondent_key)
    left join weights using (respondent_key)
)

select * from final
