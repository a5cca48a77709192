-- One row per council, wave, theme, topic and activity item (`all`: the index): whether people who do one activity also
-- do the others.
with

quality as (
    select
        *,
        n_respondents as n_base,
        case when {{ missed_minimum('n_respondents * share_positive') }} is null then n_respondents end as n_behind_share,
        max(estimate) filter (where item_id = 'all') over (
            partition by council_id, wave_id, theme_id, topic_id, weighting_id
        ) as estimate_of_index,
        {{ base_flags() }}
    from {{ ref('est_index_quality') }}
),

survey_topics as (
    select * from {{ ref('dim_survey_topic') }}
),

-- Only questions to citizens: a column of the same name may have other wording for staff.
exports as (
    select export_id from {{ ref('dim_export') }}
    where respondent_role = 'citizen'
),

questions as (
    select * from {{ ref('dim_question') }}
),

-- A box has no order that could be coded the wrong way round. Where only ticks show who saw the boxes, they go against
-- each other by construction.
tick_boxes as (
    select questions.column_name
    from {{ ref('stg_questions') }} as questions
    inner join {{ ref('stg_answer_codes') }} as answers using (scale_id)
    where answers.normalised_label = '' and answers.answer_kind = 'valid'
),

items as (
    select
        council_id,
        wave_id,
        column_name as item_id,
        min(question_text) as question_text
    from questions
    inner join exports using (export_id)
    group by all
),

contrary as (
    select
        *,
        item_rest_correlation < 0
        and (item_rest_p_value_adjusted <= 0.01 or item_rest_correlation <= -1)
        and item_id not in (select column_name from tick_boxes) as is_contrary
    from quality
),

final as (
    select
        survey_topics.*,
        item_id,
        case item_id
            when 'all' then {{ label_of('measure_id', 'individual_index') }}
            else coalesce(question_text, item_id)
        end as item_label,
        weighting_id,
        n_items,
        {{ reported('estimate', 3) }} as estimate,
        {{ label_of('quantity_id', 'reliability', 'unit_label') }} as unit_label,
        {{ unless_withheld('n_respondents') }} as n_respondents,
        {{ reported('ci_lower', 3) }} as ci_lower,
        {{ reported('ci_upper', 3) }} as ci_upper,
        {{ reported('item_rest_correlation', 3) }} as item_rest_correlation,
        {{ reported('100 * share_positive', 0, 'n_behind_share') }} as positive_pct,
        {{ unless_withheld('is_contrary') }} as is_contrary,
        is_small_base,
        is_withheld,
        withheld_reason,
        {{ unless_withheld('reason') }} as reason,
        case
            when is_withheld then {{ sentence('withheld', {'reason': 'withheld_reason'}) }}
            when reason is not null then {{ sentence('not_computed', {'reason': 'reason'}) }}
            when item_id = 'all' then {{ sentence('index_agreement') }}
            when {{ round_half_away('item_rest_correlation', 3) }} < 0 then {{ sentence('item_contrary') }}
            when {{ round_half_away('estimate', 3) }} > {{ round_half_away('estimate_of_index', 3) }} then {{ sentence('item_weak') }}
            else {{ sentence('item_fits') }}
        end as in_words
    from contrary
    inner join survey_topics using (council_id, wave_id, theme_id, topic_id)
    left join items using (council_id, wave_id, item_id)
)

select * from final
