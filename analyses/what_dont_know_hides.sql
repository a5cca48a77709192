-- Which questions do many people answer with Don't Know, so that a correlation describes fewer of them?
select
    council_label,
    theme_label,
    topic_label,
    construct_label,
    max(dont_know_share) as dont_know_share,
    min(n_respondents) as n_respondents,
    max(provenance) as provenance
from {{ ref('rpt_correlates') }}
where method_id = 'pearson' and weighting_id = 'unweighted'
group by council_label, theme_label, topic_label, construct_label
order by
    dont_know_share desc nulls last,
    council_label asc,
    theme_label asc,
    topic_label asc,
    construct_label asc
limit 20
