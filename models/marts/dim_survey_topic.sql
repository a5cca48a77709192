-- One row per council, wave, theme and topic: the labels that a report prints, and whether the data are synthetic. `all`
-- means all councils, all themes or the whole theme.
with

surveys as (
    select
        council_id,
        wave_id,
        council_label,
        provenance
    from {{ ref('dim_survey') }}
),

topics as (
    select * from {{ ref('dim_topic') }}
),

-- A result about all councils counts as synthetic if one council is synthetic.
all_councils as (
    select
        'all' as council_id,
        wave_id,
        {{ label_of('council_id', 'all') }} as council_label,
        max(provenance) as provenance
    from surveys
    group by wave_id
),

all_themes as (
    select
        'all' as theme_id,
        'all' as topic_id,
        {{ label_of('theme_id', 'all') }} as theme_label,
        {{ label_of('topic_id', 'all') }} as topic_label
),

councils_and_all as (
    select * from surveys
    union all
    select * from all_councils
),

topics_and_all as (
    select * from topics
    union all
    select * from all_themes
),

final as (
    select
        councils_and_all.council_id,
        councils_and_all.wave_id,
        topics_and_all.theme_id,
        topics_and_all.topic_id,
        councils_and_all.council_label,
        topics_and_all.theme_label,
        topics_and_all.topic_label,
        councils_and_all.provenance
    from councils_and_all
    cross join topics_and_all
)

select * from final
