-- Is individual co-production higher than collective everywhere? (the paper's first hypothesis; its exception is Bristol's
-- environment)
select
    council_id,
    theme_id,
    estimate as gap_points,
    ci_lower,
    ci_upper,
    verdict,
    in_words,
    provenance
from {{ ref('rpt_hypotheses') }}
where hypothesis_id = 'individual_above_collective'
order by estimate, council_id, wave_id, theme_id
