-- One row per respondent and measure asked about, excluded respondents too: n_positive of n_answered.
with

cells as (
    select
        *,
        answer_kind = 'valid' as is_valid
    from {{ ref('int_coded_cells') }}
    where answer_kind <> 'not_asked'
),

measured_columns as (
    select * from {{ ref('int_measured_columns') }}
),

items as (
    select
        cells.respondent_number,
        measured_columns.measure_number,
        measured_columns.kind,
        measured_columns.minimum_share_answered,
        measured_columns.counts_answer,
        -- A valid answer without a score, such as "another way", has no mean.
        cells.is_valid
        and (measured_columns.kind in ('share_of_items', 'any_item') or cells.answer_score is not null) as is_valid,
        cells.is_positive,
        cells.is_often,
        cells.answer_score >= measured_columns.minimum_score as is_enough,
        cells.answer_score <= measured_columns.maximum_score as is_nothing,
        (cells.answer_score - measured_columns.scale_minimum) * measured_columns.score_units as score_above_minimum,
        (measured_columns.scale_maximum - measured_columns.scale_minimum) * measured_columns.score_units as score_range
    from cells
    inner join measured_columns using (column_number)
),

counted as (
    select
        respondent_number,
        measure_number,
        any_value(kind) as kind,
        any_value(counts_answer) as counts_answer,
        count(*) * max(minimum_share_answered) as n_needed,
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
        valued.respondent_number,
        valued.measure_number,
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
)

select * from final
