-- The language of the build has no label or no sentence: every report would come without words.
select '{{ var("language") }}' as language
where
    not exists (select 1 from {{ ref('labels') }} as labels where labels.language = '{{ var("language") }}')
    or not exists (select 1 from {{ ref('sentences') }} as sentences where sentences.language = '{{ var("language") }}')
