-- One row per council, wave, theme, topic, outcome and arm of an experiment: whether results that need the arm are
-- withheld.
with

arms as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        outcome_id,
        arm_id,
        cast(sum(n_respondents) as bigint) as n_in_arm,
        cast(coalesce(sum(n_respondents) filter (where n_answered > 0), 0) as bigint) as n_respondents,
        coalesce(sum({{ exact('n_respondents * n_positive / n_answered') }}) filter (where n_answered > 0), 0) as n_with
    from {{ ref('cnt_nudges') }}
    group by all
),

ruled as (
    select
        *,
        sum(n_respondents) over experiment - n_respondents as n_others,
        n_in_arm - n_respondents as n_missing,
        {{ missed_minimum('n_with', 'n_others') }} as rule_id
    from arms
    window experiment as (partition by council_id, wave_id, theme_id, topic_id, outcome_id)
),

final as (
    select
        * exclude (n_in_arm, n_others),
        rule_id is not null as is_withheld,
        {{ is_few('n_missing') }} as is_missing_withheld
    from ruled
)

select * from final
