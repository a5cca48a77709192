-- One row per council, wave, theme, topic and outcome of an experiment: the arms that are withheld, and whether what needs
-- all arms is.
with

arms as (
    select * from {{ ref('plan_arms') }}
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        coalesce(list(arm_id order by arm_id) filter (where is_withheld), []) as withheld_arms,
        coalesce(list(arm_id order by arm_id) filter (where is_withheld or is_missing_withheld), []) as arms_without_bounds,
        -- The interaction, trends and checks are computed from all arms: with the others they would reveal a small one.
        bool_or(is_withheld) as is_experiment_withheld,
        {{ is_few('sum(n_missing)') }} as is_all_missing_withheld
    from arms
    group by all
)

select * from final
