-- One row per printed answer of a scale: its kind, score and meaning, and the small number that stands for it.
with

answers as (
    select
        *,
        {{ normalise_label('answer_label') }} as normalised_label,
        coalesce(bool_or(is_often) over (partition by scale_id), false) as has_often
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
        -- On a scale without the answer `often` nobody can say it, so nobody has said that it is not often.
        case when has_often and answer_kind = 'valid' then coalesce(is_often, false) end as is_often,
        answer_name
    from answers
)

select * from final
