-- One row per printed answer of a scale: its kind, score and meaning, and the small number that stands for it.
with

answers as (
    select
        *,
        {{ normalise_label('answer_label') }} as normalised_label
    from {{ ref('answers') }}
),

final as (
    select
        row_number() over (order by scale_id, normalised_label) as answer_id,
        scale_id,
        answer_label,
        normalised_label,
        answer_kind,
        answer_score,
        is_positive,
        is_often,
        answer_name
    from answers
)

select * from final
