-- One row per council, wave, theme, topic, values of all outcomes, answers to all correlates of the topic and weight: how
-- many citizens have this combination.
{#- The codebook becomes a block for each questionnaire, with a line for each correlate. No correlate is named here. -#}
{%- set blocks = blocks_of_columns(columns_of_correlates()) -%}
-- depends_on: {{ ref('stg_questions') }} {{ ref('stg_column_codes') }} {{ ref('stg_answer_codes') }}
with

respondents as (
    select * from {{ ref('int_included_groups') }}
    where respondent_role = 'citizen'
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

correlates as (
    select * from {{ ref('int_joint_models') }}
),

models as (
    select
        model_number,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        string_agg(construct_id, ',' order by construct_id) as construct_ids,
        string_agg(correlate_topic_id, ',' order by construct_id) as correlate_topic_ids,
        count(*) as n_constructs
    from correlates
    group by all
),

-- The place of each correlate in the scores of its export.
places as (
    select distinct
        questions.export_id,
        correlate_number,
        dense_rank() over (partition by questions.export_id order by correlate_number) as place_in_scores
    from {{ ref('int_correlated_columns') }}
    inner join {{ ref('stg_questions') }} as questions using (column_number)
),

-- An export that does not ask about one of the correlates has no respondents in the model.
models_of_exports as (
    select
        exports.export_id,
        models.model_number,
        models.theme_id,
        list(places.place_in_scores order by correlates.place) as places
    from {{ ref('stg_exports') }} as exports
    inner join models using (council_id, wave_id)
    inner join correlates using (model_number)
    inner join places using (export_id, correlate_number)
    group by exports.export_id, models.model_number, models.theme_id, models.n_constructs
    having count(*) = models.n_constructs
),

{%- for export_id, block in blocks.items() %}

-- Only an answer that was asked for and exists can be imputed: not one that was not asked, does not apply or has no score.
{{ export_id }}_scores as (
    select
        respondent_number,
        export_id,
        [
            {%- for columns in block.lines.values() %}
            case when {{ has_code(columns[0], 'can_be_imputed') }} then cast('nan' as double) else coalesce({{ score_of(columns[0]) }}, cast('infinity' as double)) end{{ ',' if not loop.last }}
            {%- endfor %}
        ] as scores
    from coded_exports
    where export_id in ({{ block.export_ids }})
),
{%- endfor %}

scored as (
    {%- for export_id in blocks %}
    select * from {{ export_id }}_scores
    union all
    {%- endfor %}
    select
        respondent_number,
        export_id,
        cast(null as double[]) as scores
    from coded_exports
    where false
),

outcome_sets as (
    select
        outcome_set_number,
        theme_id,
        string_agg(outcome_id, ',' order by outcome_id) as outcome_ids,
        string_agg(construct_id, ',' order by outcome_id) as outcome_construct_ids,
        list(coalesce(n_positive, 0) order by outcome_id) as n_positive,
        list(coalesce(n_answered, 0) order by outcome_id) as n_answered
    from {{ ref('int_outcome_sets') }}
    where topic_id = 'all'
    group by all
    having bool_or(n_answered > 0)
),

-- Sets that differ only in the outcomes of a part of the theme count together.
equal_sets as (
    select
        outcome_set_number,
        min(outcome_set_number) over (partition by theme_id, outcome_ids, n_positive, n_answered) as first_set_number
    from outcome_sets
),

themes as (
    select * from {{ numbered_themes() }} as numbered
),

-- Joined to the models last, so that a respondent is one row as long as possible.
scored_respondents as (
    select
        scored.export_id,
        scored.scores,
        outcomes.outcome_set_numbers,
        respondents.weight
    from scored
    inner join {{ ref('int_included_outcomes') }} as outcomes using (respondent_number)
    inner join respondents using (respondent_number)
),

answers as (
    select
        models_of_exports.model_number,
        list_extract(scored_respondents.outcome_set_numbers, themes.theme_number) as outcome_set_number,
        list_select(scored_respondents.scores, models_of_exports.places) as scores,
        scored_respondents.weight
    from scored_respondents
    inner join models_of_exports using (export_id)
    inner join themes using (theme_id)
),

counted as (
    select
        answers.model_number,
        equal_sets.first_set_number as outcome_set_number,
        answers.scores,
        answers.weight,
        {{ count_respondents('answers.weight') }}
    from answers
    inner join equal_sets using (outcome_set_number)
    where not list_contains(answers.scores, cast('infinity' as double))
    group by all
),

final as (
    select
        models.council_id,
        models.wave_id,
        models.theme_id,
        models.topic_id,
        outcome_sets.outcome_ids,
        outcome_sets.outcome_construct_ids,
        outcome_sets.n_positive,
        outcome_sets.n_answered,
        models.construct_ids,
        models.correlate_topic_ids,
        counted.* exclude (model_number, outcome_set_number)
    from counted
    inner join models using (model_number)
    inner join outcome_sets using (outcome_set_number)
)

select * from final
