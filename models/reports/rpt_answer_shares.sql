-- One row per question of a survey, breakdown, weighting, statistic and answer: how the answers are distributed.
{%- set question = [
    'council_id', 'wave_id', 'theme_id', 'topic_id', 'respondent_role', 'construct_id', 'column_name', 'scale_id'
] %}
with

shares as (
    select * from {{ ref('est_answer_shares') }}
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

-- The base of a group is its valid answers. Only its size decides, so half of it counts as having the outcome.
bases as (
    select
        {{ question | join(', ') }},
        breakdown_id,
        breakdown_value,
        weighting_id,
        coalesce(min(n_respondents) filter (where statistic_id in ('share', 'mean')), 0) as n_respondents,
        0.5 as estimate
    from shares
    where weighting_id = 'unweighted'
    group by all
),

-- The groups of a breakdown exclude each other, so subtracting all groups but one from the whole reveals that one.
groups as (
    {{ withheld_parts('bases', whole=question + ['breakdown_id'], parts=['breakdown_value']) | indent(4) }}
),

protected as (
    select
        shares.*,
        case when statistic_id = 'mean' then 1 else 100 end as unit,
        case when not groups.is_part_withheld then shares.n_respondents end as n_shown,
        {{ effective_base('n_shown', 'shares.n_effective') }} as n_base
    from shares
    inner join groups using ({{ question | join(', ') }}, breakdown_id, breakdown_value)
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
        protected.breakdown_value,
        protected.weighting_id,
        statistic_id,
        statistics.statistic_label,
        protected.answer_order,
        protected.answer_name,
        protected.answer_score,
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
    from protected
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
