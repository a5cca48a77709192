-- One row per sentence, in the language of the build: the template that a report or a page fills.
{{ config(materialized='view') }}
with

sentences as (
    select * from {{ ref('sentences') }}
),

final as (
    select
        sentence_id,
        language,
        placeholders,
        template
    from sentences
    where language = '{{ var("language") }}'
)

select * from final
