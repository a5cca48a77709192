-- One row per question of a survey, breakdown, weighting, statistic and answer: how the answers are distributed.
{%- set question = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'respondent_role', 'construct_id', 'column_name', 'scale_id'
] %}
with

shares as (
    select
        *,
        case statistic_id when 'share' then 'answers' when 'top_two' then 'answers' when 'mean' then 'mean' else 'missing' end
            as kind_id
    from {{ ref('est_answer_shares') }}
),

councils as (
    select * from {{ ref('dim_council') }}
),

constructs as (
    select * from {{ ref('dim_construct') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
    union all
    select
        'all' as theme_id,
        'all' as topic_id,
        {{ label_of('theme_id', 'all') }} as theme_label,
        {{ label_of('topic_id', 'all') }} as topic_label
),

statistics as (
    {{ labels_of('statistic_id') }}
),

breakdowns as (
    {{ labels_of('breakdown_id') }}
),

questions as (
    select
        {{ question | join(', ') }},
        min(question_text) as question_text,
        max(case when provenance = 'synthetic' then 'synthetic' else 'real' end) as provenance
    from {{ ref('int_questions') }}
    group by all
),

groups as (
    select
        * exclude (n_respondents, rule_id, is_withheld),
        is_withheld as is_group_withheld
    from {{ ref('plan_question_groups') }}
),

plan as (
    select
        * exclude (n_respondents, n_with, rule_id, is_withheld),
        is_withheld as is_answer_withheld
    from {{ ref('plan_answers') }}
),

plan_of_groups as (
    select
        {{ question | join(', ') }},
        breakdown_id,
        breakdown_value,
        bool_or(is_answer_withheld) as is_an_answer_withheld,
        bool_or(is_mean_withheld) as is_mean_withheld
    from plan
    group by all
),

weights as (
    select * exclude (rule_id) from {{ ref('plan_weighted_answers') }}
),

decided as (
    select
        shares.*,
        case when statistic_id = 'mean' then 1 else 100 end as unit,
        case statistic_id
            when 'share' then plan.is_answer_withheld
            when 'top_two' then is_an_answer_withheld
            when 'mean' then coalesce(plan_of_groups.is_mean_withheld, false)
            else is_missing_withheld
        end as is_statistic_withheld,
        case
            when not (is_group_withheld or is_statistic_withheld or (weighting_id = 'weighted' and are_weights_withheld))
                then shares.n_respondents
        end as n_shown,
        {{ effective_base('n_shown', 'shares.n_effective') }} as n_base
    from shares
    inner join groups using ({{ question | join(', ') }}, breakdown_id, breakdown_value)
    left join plan_of_groups using ({{ question | join(', ') }}, breakdown_id, breakdown_value)
    left join plan using ({{ question | join(', ') }}, breakdown_id, breakdown_value, answer_name)
    inner join weights using ({{ question | join(', ') }}, breakdown_id, breakdown_value, kind_id)
),

final as (
    select
        council_id,
        councils.council_label,
        wave_id,
        theme_id,
        topics.theme_label,
        topic_id,
        topics.topic_label,
        respondent_role,
        construct_id,
        constructs.construct_label,
        column_name,
        scale_id,
        questions.question_text,
        breakdown_id,
        coalesce(breakdowns.breakdown_label, breakdown_id) as breakdown_label,
        decided.breakdown_value,
        decided.weighting_id,
        statistic_id,
        statistics.statistic_label,
        decided.answer_order,
        decided.answer_name,
        decided.answer_score,
        {{ reported('unit * estimate', 'statistics.decimals') }} as estimate,
        {{ printed(reported('unit * estimate', 'statistics.decimals'), 'statistics.decimals') }} as estimate_label,
        statistics.unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('n_effective') }} as n_effective,
        {{ reported('unit * ci_lower', 'statistics.decimals') }} as ci_lower,
        {{ reported('unit * ci_upper', 'statistics.decimals') }} as ci_upper,
        {{ base_flags(respondents='n_shown') }},
        {{ unless_withheld('reason') }} as reason,
        questions.provenance
    from decided
    inner join questions using ({{ question | join(', ') }})
    inner join councils using (council_id)
    inner join constructs using (construct_id)
    inner join topics using (theme_id, topic_id)
    inner join statistics using (statistic_id)
    left join breakdowns using (breakdown_id)
    order by
        {{ question | join(', ') }}, breakdown_id, breakdown_value, weighting_id, answer_order nulls last, statistic_id
)

select * from final
