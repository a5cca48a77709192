-- One row per council, wave, theme, topic, measure, breakdown and group: whether the level of the group is withheld.
with

levels as (
    select
        counts.council_id,
        counts.wave_id,
        counts.theme_id,
        counts.topic_id,
        measures.construct_id,
        measures.is_outcome,
        measure_id,
        counts.breakdown_id,
        counts.breakdown_value,
        cast(sum(counts.n_respondents) as bigint) as n_respondents,
        sum({{ exact('counts.n_respondents * counts.n_positive / counts.n_answered') }}) as n_with
    from {{ ref('cnt_levels') }} as counts
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
    group by all
),

ruled as (
    select
        *,
        max(n_respondents) filter (where breakdown_id = 'all') over (
            partition by council_id, wave_id, theme_id, topic_id, measure_id
        ) - n_respondents as n_others,
        {{ missed_minimum('n_with', 'n_others') }} as own_rule_id
    from levels
),

-- The topics and measures of one question are answered by nearly the same people.
related as (
    select
        *,
        breakdown_id <> 'all' and bool_or(own_rule_id in ('few_people', 'few_others')) over (
            partition by council_id, wave_id, theme_id, construct_id, breakdown_id, breakdown_value
        ) as is_small_in_a_topic,
        breakdown_id <> 'all' and bool_or(own_rule_id in ('few_people', 'few_others')) over (
            partition by council_id, wave_id, theme_id, construct_id, breakdown_id
        ) as has_small_group,
        coalesce(own_rule_id, case when is_small_in_a_topic then 'few_people' end) as rule_id
    from ruled
),

-- The groups of a breakdown exclude each other. An outcome and the measures that divide it, such as often and sometimes,
-- are judged apart.
parts as (
    {{ withheld_parts(
        'related',
        whole=['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'is_outcome', 'breakdown_id'],
        parts=['breakdown_value'],
        measured=['measure_id']
    ) | indent(4) }}
),

spread as (
    select
        *,
        bool_or(is_withheld and is_outcome) over (
            partition by council_id, wave_id, theme_id, topic_id, construct_id, breakdown_id, breakdown_value
        ) as is_outcome_withheld,
        bool_or(is_withheld and has_small_group) over (
            partition by council_id, wave_id, theme_id, construct_id, breakdown_id, breakdown_value
        ) as is_withheld_in_a_topic
    from parts
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        measure_id,
        breakdown_id,
        breakdown_value,
        n_respondents,
        n_with,
        rule_id,
        is_withheld or is_outcome_withheld or is_withheld_in_a_topic as is_withheld
    from spread
)

select * from final
