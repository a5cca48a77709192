-- One row per included respondent: for each theme, the number of the set of values that all outcomes of the theme have. A count
-- groups by this number first, because few sets exist, and turns it into outcomes afterwards.
with

measure_values as (
    select * from {{ ref('int_measure_values') }}
),

outcomes as (
    select distinct
        measure_number,
        theme_id
    from {{ ref('int_measured_columns') }}
    where is_outcome
),

themes as (
    select * from {{ numbered_themes() }} as numbered
),

included as (
    select respondent_number from {{ ref('int_respondents') }}
    where not is_excluded
),

outcome_values as (
    select
        *,
        row_number() over (order by measure_number, n_positive, n_answered) as value_number
    from (
        select distinct
            measure_number,
            n_positive,
            n_answered
        from measure_values
    ) as distinct_values
    inner join outcomes using (measure_number)
),

respondent_values as (
    select
        measure_values.respondent_number,
        outcome_values.theme_id,
        list_sort(list(cast(outcome_values.value_number as integer))) as value_numbers
    from measure_values
    inner join included using (respondent_number)
    inner join outcome_values
        on
            measure_values.measure_number = outcome_values.measure_number
            -- A value may be missing.
            and measure_values.n_positive is not distinct from outcome_values.n_positive
            and measure_values.n_answered is not distinct from outcome_values.n_answered
    group by measure_values.respondent_number, outcome_values.theme_id
),

sets as (
    select
        themes.theme_number,
        theme_id,
        value_numbers,
        -- In the order of the themes, so that the outcomes of a respondent have the order of the numbers.
        cast(row_number() over (order by themes.theme_number, value_numbers) as integer) as outcome_set_number
    from (
        select distinct
            theme_id,
            value_numbers
        from respondent_values
    ) as distinct_sets
    inner join themes using (theme_id)
),

final as (
    select
        respondent_values.respondent_number,
        [
            {%- for number in theme_numbers() %}
            max(sets.outcome_set_number) filter (where sets.theme_number = {{ number }}){{ ',' if not loop.last }}
            {%- endfor %}
        ] as outcome_set_numbers
    from respondent_values
    inner join sets using (theme_id, value_numbers)
    group by respondent_values.respondent_number
)

select * from final
