-- One row per measure of an export in this build: its label, what its levels of 0 and 1 are in its unit, and how it is computed.
with

measures as (
    select * from {{ ref('measures') }}
    where construct_id in (select questions.construct_id from {{ ref('dim_question') }} as questions)
),

labels as (
    {{ labels_of('measure_id') }}
),

final as (
    select
        measure_id,
        labels.measure_label,
        measures.construct_id,
        measures.kind,
        measures.counts_answer,
        measures.is_outcome,
        coalesce(labels.unit_label, measures.unit_label, 'per cent') as unit_label,
        coalesce(measures.unit_minimum, 0) as unit_minimum,
        coalesce(measures.unit_maximum, 100) as unit_maximum,
        coalesce(labels.decimals, measures.decimals, 0) as decimals
    from measures
    left join labels using (measure_id)
)

select * from final
