-- One row per respondent with questions about outcomes, correlates or the time taken: signs of careless answers. These
-- signs are counted; a respondent is excluded for one only if `excluded_flags` lists it.
with

cells as (
    select * from {{ ref('int_coded_cells') }}
    where construct_role in ('outcome', 'correlate') or construct_id = 'duration'
),

-- The questions that a respondent answered on one scale are a battery. Equal answers to fewer than four questions can
-- be honest.
batteries as (
    select
        respondent_number,
        min(answer_id) = max(answer_id) and coalesce(min(unlisted_label) = max(unlisted_label), true) as is_all_alike
    from cells
    where construct_role in ('outcome', 'correlate') and answer_kind = 'valid'
    group by respondent_number, scale_id
    having count(*) >= 4
),

straight_lines as (
    select
        respondent_number,
        -- Somebody who is never active honestly answers "never" to a whole battery, so one battery is not enough.
        count(*) >= 2 and bool_and(is_all_alike) as is_straight_liner
    from batteries
    group by respondent_number
),

completeness as (
    select
        respondent_number,
        export_id,
        count(*) filter (where answer_kind <> 'not_asked') as n_asked,
        count(*) filter (where answer_kind not in ('not_asked', 'blank')) as n_given,
        max(answer_score) filter (where construct_id = 'duration' and answer_kind = 'valid') as duration
    from cells
    group by respondent_number, export_id
),

final as (
    select
        respondent_number,
        coalesce(straight_lines.is_straight_liner, false) as is_straight_liner,
        coalesce(
            completeness.duration
            < {{ var('speeder_below') }} * median(completeness.duration) over (partition by completeness.export_id),
            false
        ) as is_speeder,
        completeness.n_given < {{ var('mostly_blank_below') }} * completeness.n_asked as is_mostly_blank
    from completeness
    left join straight_lines using (respondent_number)
)

select * from final
