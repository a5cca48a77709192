-- One row per respondent and construct about the person, the experiment or the weight: the valid answer of the respondent.
with

age_bands as (
    select * from {{ ref('age_bands') }}
),

answers as (
    select
        respondent_number,
        construct_id,
        max(answer_score) as score,
        max(answer_name) as answer_name,
        max(answer_label) as answer_label
    from {{ ref('int_person_cells') }}
    where construct_role in ('demographic', 'design', 'weight') and is_primary and answer_kind = 'valid'
    group by respondent_number, construct_id
),

final as (
    select
        answers.* exclude (answer_label),
        case
            when answers.construct_id in ('cluster', 'stratum') then coalesce(answers.answer_name, answers.answer_label)
            else coalesce(answers.answer_name, age_bands.age_band)
        end as characteristic_label
    from answers
    left join age_bands
        on
            answers.construct_id = 'age'
            and answers.score >= age_bands.minimum_age
            and answers.score < age_bands.maximum_age + 1
            and answers.answer_name is null
)

select * from final
