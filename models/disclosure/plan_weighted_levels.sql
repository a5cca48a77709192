-- One row per council, wave, theme, topic, measure, breakdown and group: whether the weighted level of the group is withheld.
{%- set level = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'is_outcome', 'measure_id', 'breakdown_id',
    'breakdown_value'
] %}
with

counts as (
    select
        counts.*,
        measures.construct_id,
        measures.is_outcome,
        {{ exact('counts.n_respondents * counts.n_positive / counts.n_answered') }} as n_with
    from {{ ref('cnt_levels') }} as counts
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
),

surveys as (
    select * from {{ ref('plan_weights') }}
),

raked as (
    {{ raked_parts('counts', level, is_of_all="breakdown_id = 'all'") | indent(4) }}
),

missed as (
    select
        {{ level | join(', ') }},
        max({{ missed_minimum('n_with', 'n_others') }}) as part_rule_id,
        coalesce(bool_or({{ missed_minimum('n_with', 'n_others') }} in ('few_people', 'few_others')), false) as has_few_people
    from raked
    group by all
),

levels as (
    select
        {{ level | join(', ') }},
        cast(sum(n_respondents) as bigint) as n_respondents,
        sum(n_with) as n_with,
        bool_or(margin_cell is not null) as is_raked
    from counts
    group by all
),

-- The topics of one question are answered by nearly the same people.
ruled as (
    select
        * exclude (has_few_people),
        bool_or(has_few_people) over (
            partition by council_id, wave_id, theme_id, construct_id, breakdown_id, breakdown_value
        ) as is_small_in_a_topic,
        coalesce(part_rule_id, case when is_small_in_a_topic then 'few_people' end) as rule_id
    from levels
    left join missed using ({{ level | join(', ') }})
),

parts as (
    {{ withheld_parts(
        'ruled',
        whole=['council_id', 'wave_id', 'theme_id', 'topic_id', 'construct_id', 'is_outcome', 'breakdown_id'],
        parts=['breakdown_value'],
        measured=['measure_id']
    ) | indent(4) }}
),

final as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        breakdown_id,
        breakdown_value,
        rule_id,
        is_raked,
        are_weights_withheld
        or is_withheld
        or bool_or(is_withheld and is_outcome) over (
            partition by council_id, wave_id, theme_id, topic_id, construct_id, breakdown_id, breakdown_value
        ) as are_weights_withheld
    from parts
    inner join surveys using (council_id, wave_id)
)

select * from final
