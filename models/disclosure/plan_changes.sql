-- One row per compared pair of waves, theme, topic and measure: whether the change is withheld, whether what the same
-- people say about it is, and whether the change with a common margin is.
with

counts as (
    select
        counts.*,
        measures.construct_id,
        {{ exact('counts.n_respondents * counts.earlier_n_positive / counts.earlier_n_answered') }} as n_with_before,
        {{ exact('counts.n_respondents * counts.n_positive / counts.n_answered') }} as n_with_after,
        counts.n_positive / counts.n_answered - counts.earlier_n_positive / counts.earlier_n_answered as value_change
    from {{ ref('cnt_changes') }} as counts
    inner join {{ ref('dim_measure') }} as measures using (measure_id)
    where counts.comparability_id = 'comparable'
),

levels as (
    select * from {{ ref('plan_groups') }}
    where breakdown_id = 'all'
),

people as (
    select
        council_id,
        earlier_wave_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        measure_id,
        is_outcome,
        coalesce(sum(n_respondents) filter (where value_change is not null), 0) as n_both,
        coalesce(sum(n_respondents) filter (where n_answered is null), 0) as n_only_before,
        coalesce(sum(n_respondents) filter (where earlier_n_answered is null), 0) as n_only_after,
        coalesce(sum(n_with_before) filter (where value_change is not null), 0) as n_with_both_before,
        coalesce(sum(n_with_after) filter (where value_change is not null), 0) as n_with_both_after,
        coalesce(sum(n_with_before) filter (where n_answered is null), 0) as n_with_only_before,
        coalesce(sum(n_with_after) filter (where earlier_n_answered is null), 0) as n_with_only_after,
        coalesce(sum(n_respondents) filter (where value_change > 1e-9), 0) as n_up,
        coalesce(sum(n_respondents) filter (where value_change < -1e-9), 0) as n_down
    from counts
    group by all
),

-- Raking the later wave gives each of these groups another weight. So the level before and the level after it are two
-- equations for the groups, from which a small one can be computed.
raked_groups as (
    {%- for label in ['gender_label', 'age_band'] %}
    select
        council_id,
        earlier_wave_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        '{{ label }}' as variable_id,
        {{ label }} as group_label,
        coalesce(sum(n_respondents), 0) as n_respondents,
        coalesce(sum(n_with_after), 0) as n_with
    from counts
    where n_answered is not null
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

ruled_groups as (
    select
        *,
        sum(n_respondents) over (
            partition by council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id, variable_id
        ) - n_respondents as n_others,
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from raked_groups
),

raked as (
    select
        council_id,
        earlier_wave_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        bool_or(rule_id is not null) as has_small_group,
        coalesce(bool_or(rule_id in ('few_people', 'few_others')), false) as has_few_in_a_group
    from ruled_groups
    where group_label is not null
    group by all
),

-- With the share of the same people and its interval, the numbers of those who changed either way can be computed.
ruled as (
    select
        *,
        case
            when n_both < {{ var('minimum_base') }} then 'few_people'
            when least(n_up, n_down) < {{ var('minimum_base') }} then 'few_changed'
            else coalesce(
                    {{ missed_minimum('n_with_both_before', n_respondents='n_both') }},
                    {{ missed_minimum('n_with_both_after', n_respondents='n_both') }}
                )
        end as overlap_rule_id,
        case
            when {{ is_few('n_only_before') }} or {{ is_few('n_only_after') }} then 'few_others'
            else coalesce(
                    case when n_only_before > 0 then {{ missed_minimum('n_with_only_before', n_respondents='n_only_before') }} end,
                    case when n_only_after > 0 then {{ missed_minimum('n_with_only_after', n_respondents='n_only_after') }} end
                )
        end as others_rule_id
    from people
    left join raked using (council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id)
),

-- The topics and measures of one question are answered by nearly the same people. The measures that divide an outcome
-- are withheld with it.
spread as (
    select
        *,
        overlap_rule_id is not null
        or bool_or(overlap_rule_id is not null and is_outcome) over of_question
        or bool_or(overlap_rule_id = 'few_people') over of_theme as is_overlap_withheld,
        others_rule_id is not null
        or bool_or(others_rule_id is not null and is_outcome) over of_question
        or bool_or(others_rule_id = 'few_others') over of_theme as are_others_withheld,
        has_small_group
        or bool_or(has_small_group and is_outcome) over of_question
        or bool_or(has_few_in_a_group) over of_theme as is_margin_withheld
    from ruled
    window
        of_question as (partition by council_id, earlier_wave_id, wave_id, theme_id, topic_id, construct_id),
        of_theme as (partition by council_id, earlier_wave_id, wave_id, theme_id, construct_id)
),

final as (
    select
        council_id,
        earlier_wave_id,
        wave_id,
        theme_id,
        topic_id,
        measure_id,
        spread.n_both,
        coalesce(spread.overlap_rule_id, spread.others_rule_id) as rule_id,
        earlier.is_withheld or later.is_withheld as is_withheld,
        coalesce(spread.is_overlap_withheld, false) as is_overlap_withheld,
        coalesce(spread.is_overlap_withheld or spread.are_others_withheld, false) as are_same_people_withheld,
        coalesce(spread.is_margin_withheld, false) as is_margin_withheld
    from {{ ref('dim_compared_measure') }} as compared
    inner join levels as later using (council_id, wave_id, theme_id, topic_id, measure_id)
    inner join levels as earlier using (council_id, theme_id, topic_id, measure_id)
    left join spread using (council_id, earlier_wave_id, wave_id, theme_id, topic_id, measure_id)
    where earlier.wave_id = compared.earlier_wave_id
)

select * from final
