-- One row per council (`all`: pooled), wave, theme (`all`: over themes) and pooled quantity: whether it is withheld.
with

levels as (
    select
        council_id,
        wave_id,
        theme_id,
        measure_id,
        is_withheld
    from {{ ref('plan_groups') }}
    where breakdown_id = 'all'
),

correlates as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        construct_id,
        is_withheld
    from {{ ref('plan_correlates') }}
),

contrasts as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        arm_id as contrast_id,
        is_withheld
        or bool_or(is_withheld and arm_id = 'none') over (
            partition by council_id, wave_id, theme_id, topic_id, outcome_id
        ) as is_withheld
    from {{ ref('plan_arms') }}
    union all
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        'interaction' as contrast_id,
        is_experiment_withheld as is_withheld
    from {{ ref('plan_experiments') }}
),

parts as (
    select * from levels
    union all by name
    select * from correlates
    union all by name
    select * from contrasts
),

surveys as (
    select
        council_id,
        wave_id,
        is_withheld as is_survey_withheld
    from {{ ref('plan_surveys') }}
),

by_theme as (
    select
        council_id,
        wave_id,
        theme_id,
        outcome_id,
        construct_id,
        contrast_id,
        measure_id,
        bool_or(is_withheld or is_survey_withheld) as is_withheld
    from parts
    inner join surveys using (council_id, wave_id)
    group by all
),

councils as (
    select * from by_theme
    union all by name
    select
        * exclude (theme_id, is_withheld),
        'all' as theme_id,
        bool_or(is_withheld) as is_withheld
    from by_theme
    group by all
),

-- With the other councils, the pooled estimate would reveal the one that is withheld.
final as (
    select * from councils
    union all by name
    select
        * exclude (council_id, is_withheld),
        'all' as council_id,
        bool_or(is_withheld) as is_withheld
    from councils
    group by all
)

select * from final
