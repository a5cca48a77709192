-- One row per respondent, theme and topic, excluded respondents too: the measures of the paper side by side, and the
-- counts of answers that its other definitions of the outcomes need.
{#- The codebook becomes a block for each questionnaire, with a line for each number of a topic. No topic is named here. -#}
{%- set blocks = blocks_of_columns(columns_of_outcomes()) -%}
{%- set numbers = [
    'n_activities_asked', 'n_activities_answered', 'n_activities_positive', 'n_activities_often', 'n_activities_dont_know'
] -%}
{%- set counts = ['has_participation_question'] + numbers + ['has_one_score', 'collective_score', 'n_collective_dont_know'] -%}
{%- set yes_or_no_measures = [
    'collective_participation', 'collective_often', 'willing_monthly', 'currently_monthly', 'extra_monthly'
] %}
-- depends_on: {{ ref('stg_exports') }} {{ ref('stg_column_codes') }} {{ ref('stg_answer_codes') }}
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

topics as (
    select * from {{ numbered_topics() }} as numbered
),

coded_exports as (
    select * from {{ ref('stg_coded_exports') }}
    where export_id in (select exports.export_id from {{ ref('int_exports') }} as exports)
),

{%- for export_id, block in blocks.items() %}

{{ export_id }}_topics as (
    select
        respondent_number,
        {%- for number, columns in block.lines.items() %}
        {%- set activities = columns | selectattr('construct_id', 'equalto', 'individual_activity') | list %}
        {%- set groups = columns | selectattr('construct_id', 'equalto', 'group_participation') | list %}
        {{ 'true' if activities or groups else 'false' }} as has_participation_question_{{ number }},
        {{ number_of(activities, 'is_asked') }} as n_activities_asked_{{ number }},
        {{ number_of(activities, 'is_valid') }} as n_activities_answered_{{ number }},
        {{ number_of(activities, 'is_positive') }} as n_activities_positive_{{ number }},
        -- Null if the scale of an answer has no `often`, because the respondent could not say it.
        case
            when {{ number_of(activities, 'is_valid') }} = {{ number_of(activities, 'says_whether_often') }}
                then {{ number_of(activities, 'is_often') }}
        end as n_activities_often_{{ number }},
        {{ number_of(activities, 'is_dont_know') }} as n_activities_dont_know_{{ number }},
        {{ highest_score_of(activities) }} = {{ lowest_score_of(activities) }} as has_one_score_{{ number }},
        {{ highest_score_of(groups) }} as collective_score_{{ number }},
        {{ number_of(groups, 'is_dont_know') }} as n_collective_dont_know_{{ number }}{{ ',' if not loop.last }}
        {%- endfor %}
    from coded_exports
    where export_id in ({{ block.export_ids }})
),
{%- endfor %}

counted as (
    {%- for export_id, block in blocks.items() %}
    {{ one_row_per_line(export_id ~ '_topics', 'topic_number', block.lines, counts) }}
    union all
    {%- endfor %}
    select
        respondent_number,
        cast(null as smallint) as topic_number,
        cast(null as boolean) as has_participation_question,
        cast(null as smallint) as n_activities_asked,
        cast(null as smallint) as n_activities_answered,
        cast(null as smallint) as n_activities_positive,
        cast(null as smallint) as n_activities_often,
        cast(null as smallint) as n_activities_dont_know,
        cast(null as boolean) as has_one_score,
        cast(null as double) as collective_score,
        cast(null as smallint) as n_collective_dont_know
    from coded_exports
    where false
),

measures as (
    select
        respondent_number,
        topics.topic_number,
        {%- for measure_id in yes_or_no_measures %}
        cast(max(n_positive) filter (where measure_id = '{{ measure_id }}') as integer) as {{ measure_id }},
        {%- endfor %}
        max(n_positive / n_answered) filter (where measure_id = 'individual_index') as individual_index
    from {{ ref('int_measures') }}
    inner join topics using (theme_id, topic_id)
    group by respondent_number, topics.topic_number
),

final as (
    select
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.arm_id,
        weights.weight_counted as weight,
        respondents.is_duplicate,
        respondents.is_excluded,
        respondents.respondent_key,
        respondent_number,
        topics.theme_id,
        topics.topic_id,
        counted.has_participation_question,
        {%- for name in numbers %}
        cast(counted.{{ name }} as bigint) as {{ name }},
        {%- endfor %}
        counted.collective_score,
        cast(counted.n_collective_dont_know as bigint) as n_collective_dont_know,
        -- At least four activities, because equal answers to fewer activities are often honest.
        counted.n_activities_asked >= 4 and counted.n_activities_answered = counted.n_activities_asked
        and coalesce(counted.has_one_score, false) as is_straight_line,
        measures.* exclude (respondent_number, topic_number)
    from counted
    inner join topics using (topic_number)
    inner join respondents using (respondent_number)
    left join measures using (respondent_number, topic_number)
    left join {{ ref('int_weights') }} as weights using (respondent_number)
)

select * from final
