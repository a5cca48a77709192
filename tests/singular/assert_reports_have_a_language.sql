-- Returns a row if the seeds have no label or no sentence in the language of the build.
select seeds.seed_name
from (values ('labels'), ('sentences')) as seeds (seed_name)
where
    seeds.seed_name not in (
        select 'labels' from {{ ref('labels') }}
        where labels.language = '{{ var("language") }}'
        union all
        select 'sentences' from {{ ref('sentences') }}
        where sentences.language = '{{ var("language") }}'
    )
