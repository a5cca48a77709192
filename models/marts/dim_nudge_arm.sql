-- One row per experimental arm in which this build has a respondent.
with

nudge_arms as (
    select * from {{ ref('nudge_arms') }}
),

respondents as (
    select * from {{ ref('dim_respondent') }}
),

final as (
    select
        arm_id,
        arm_name as arm_label,
        has_nudge_a,
        has_nudge_b,
        strength,
        wording
    from nudge_arms
    where arm_id in (select respondents.arm_id from respondents)
)

select * from final
