-- One row per council, wave, theme, topic and activity item (`all`: the index): whether the activities of the index go
-- together.
with

quality as (
    select
        *,
        n_respondents as n_base,
        max(estimate) filter (where item_id = 'all') over (
            partition by council_id, wave_id, theme_id, topic_id, weighting_id
        ) as estimate_of_index
    from {{ ref('est_index_quality') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

-- Staff may be asked a question under the same column name, in words of their own.
exports as (
    select * from {{ ref('dim_export') }}
    where respondent_role = 'citizen'
),

items as (
    select
        questions.council_id,
        questions.wave_id,
        questions.column_name as item_id,
        min(questions.question_text) as item_label
    from {{ ref('dim_question') }} as questions
    inner join exports on questions.export_id = exports.export_id
    group by all
),

rounded as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        item_id,
        weighting_id,
        {{ reported('estimate', 3) }} as estimate,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported('item_rest_correlation', 3) }} as item_rest_correlation,
        {{ reported('100 * share_positive', 0) }} as positive_pct,
        {{ reported('estimate_of_index', 3) }} as estimate_of_index,
        n_items,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ unless_withheld('reason') }} as reason,
        {{ base_flags() }}
    from quality
),

final as (
    select
        rounded.council_id,
        surveys.council_label,
        rounded.wave_id,
        rounded.theme_id,
        topics.theme_label,
        rounded.topic_id,
        topics.topic_label,
        rounded.item_id,
        case rounded.item_id
            when 'all' then {{ measure_label("'individual_index'") }}
            else coalesce(items.item_label, rounded.item_id)
        end as item_label,
        rounded.weighting_id,
        rounded.n_items,
        rounded.estimate,
        'KR-20, at most 1' as unit_label,
        rounded.n_respondents,
        rounded.ci_lower,
        rounded.ci_upper,
        rounded.item_rest_correlation,
        rounded.positive_pct,
        case
            when rounded.is_withheld then 'withheld: ' || rounded.withheld_reason
            when rounded.reason is not null then 'not computed: ' || rounded.reason
            when rounded.item_id = 'all'
                then 'how far the activities go together; a count of activities may be useful though they do not'
            when rounded.item_rest_correlation < 0
                then 'those who do this do fewer of the others: look at how it is coded'
            when rounded.estimate > rounded.estimate_of_index then 'without it the others go together better'
            else 'it goes with the others'
        end as in_words,
        rounded.is_small_base,
        rounded.is_withheld,
        rounded.withheld_reason,
        rounded.reason,
        surveys.provenance
    from rounded
    inner join surveys
        on
            rounded.council_id = surveys.council_id
            and rounded.wave_id = surveys.wave_id
    inner join topics
        on
            rounded.theme_id = topics.theme_id
            and rounded.topic_id = topics.topic_id
    left join items
        on
            rounded.council_id = items.council_id
            and rounded.wave_id = items.wave_id
            and rounded.item_id = items.item_id
)

select * from final
order by council_id, wave_id, theme_id, topic_id, item_id, weighting_id
