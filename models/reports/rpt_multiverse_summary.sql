-- One row per conclusion of the paper or of this build: a correlate in a theme, in an area, or a claim about all areas,
-- with the share of specifications that support it.
with

multiverse as (
    select * from {{ ref('est_multiverse') }}
),

printed_cells as (
    select
        *,
        coalesce(printed_stars, '') <> '' as is_starred
    from {{ ref('paper_cells') }}
    where table_number in ('3', '4') and printed_value is not null
),

claims as (
    select * from {{ ref('paper_claims') }}
    where claim_kind = 'correlates'
),

audited as (
    select * from {{ ref('rpt_paper_audit') }}
),

surveys as (
    select * from {{ ref('dim_survey') }}
),

-- The nine p of a row as nine bits: which of them are significant, in the direction of the estimate.
significant as (
    select
        *,
        (
            {%- for _, _, column in multiverse_p_values() %}
            {{ '+ ' if not loop.first }}case when {{ column }} <= 0.05 then {{ 2 ** loop.index0 }} else 0 end
            {%- endfor %}
        ) as bits
    from multiverse
),

signs as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        specification_number,
        n_respondents,
        estimate,
        case when estimate > 0 then bits else 0 end as positive_bits,
        case when estimate < 0 then bits else 0 end as negative_bits
    from significant
),

-- As many as rpt_multiverse has rows; counted here, because waiting for that report would make every build longer.
distinct_results as (
    select distinct
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        weighting_id,
        n_respondents,
        {{ compared('estimate') }} as compared_estimate,
        {{ compared('unnest(' ~ multiverse_p_value_list() ~ ')') }} as compared_p_value
    from multiverse
    qualify {{ is_told_in_multiverse() }}
),

n_distinct_results as (
    select
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        count(*) as n_distinct
    from distinct_results
    group by all
),

own_choices as (
    select
        *,
        positive_bits & 1 = 1 as is_positive,
        negative_bits & 1 = 1 as is_negative
    from signs
    where specification_number = 1
),

of_cells as (
    select
        own_choices.council_id,
        own_choices.wave_id,
        own_choices.theme_id,
        own_choices.topic_id,
        own_choices.construct_id,
        own_choices.outcome_id,
        printed_cells.council_id is not null as is_printed,
        case
            when printed_cells.council_id is null then own_choices.is_positive
            else printed_cells.is_starred and printed_cells.printed_value > 0
        end as is_concluded_positive,
        case
            when printed_cells.council_id is null then own_choices.is_negative
            else printed_cells.is_starred and printed_cells.printed_value < 0
        end as is_concluded_negative,
        coalesce(printed_cells.printed_value, own_choices.estimate) as concluded_estimate
    from own_choices
    left join printed_cells
        on
            own_choices.council_id = printed_cells.council_id
            and own_choices.wave_id = printed_cells.wave_id
            and own_choices.theme_id = printed_cells.theme_id
            and own_choices.topic_id = printed_cells.topic_id
            and own_choices.construct_id = printed_cells.construct_id
            and own_choices.outcome_id = printed_cells.outcome_id
),

cells as (
    select
        signs.council_id,
        signs.wave_id,
        signs.theme_id,
        signs.topic_id,
        signs.construct_id,
        signs.outcome_id,
        any_value(of_cells.is_printed) as is_printed,
        any_value(of_cells.is_concluded_positive) as is_concluded_positive,
        any_value(of_cells.is_concluded_negative) as is_concluded_negative,
        min(signs.n_respondents) as n_base,
        9 * count(*) as n_specifications,
        avg(bit_count(signs.positive_bits)) / 9 as share_positive,
        avg(bit_count(signs.negative_bits)) / 9 as share_negative,
        avg({{ n_specifications_supporting('signs', 'of_cells') }}) / 9 as share_supporting,
        avg(cast(
            coalesce(sign(signs.estimate) = sign(of_cells.concluded_estimate), false) as integer
        )) as share_same_direction,
        min(signs.estimate) as estimate_min,
        median(signs.estimate) as estimate_median,
        max(signs.estimate) as estimate_max
    from signs
    inner join of_cells
        on
            signs.council_id = of_cells.council_id
            and signs.wave_id = of_cells.wave_id
            and signs.theme_id = of_cells.theme_id
            and signs.topic_id = of_cells.topic_id
            and signs.construct_id = of_cells.construct_id
            and signs.outcome_id = of_cells.outcome_id
    group by all
),

-- As the paper counts: an area is positive if any of its topics is.
area_conclusions as (
    select
        council_id,
        wave_id,
        theme_id,
        construct_id,
        outcome_id,
        bool_or(is_printed) as is_printed,
        bool_or(is_concluded_positive) as is_concluded_positive,
        bool_or(is_concluded_negative) as is_concluded_negative
    from of_cells
    group by all
),

area_signs as (
    select
        council_id,
        wave_id,
        theme_id,
        construct_id,
        outcome_id,
        specification_number,
        bit_or(positive_bits) as positive_bits,
        bit_or(negative_bits) as negative_bits
    from signs
    group by all
),

areas as (
    select
        area_signs.council_id,
        area_signs.wave_id,
        area_signs.theme_id,
        area_signs.construct_id,
        area_signs.outcome_id,
        any_value(area_conclusions.is_printed) as is_printed,
        any_value(area_conclusions.is_concluded_positive) as is_concluded_positive,
        any_value(area_conclusions.is_concluded_negative) as is_concluded_negative,
        9 * count(*) as n_specifications,
        avg(bit_count(area_signs.positive_bits)) / 9 as share_positive,
        avg(bit_count(area_signs.negative_bits)) / 9 as share_negative,
        avg({{ n_specifications_supporting('area_signs', 'area_conclusions') }}) / 9 as share_supporting
    from area_signs
    inner join area_conclusions
        on
            area_signs.council_id = area_conclusions.council_id
            and area_signs.wave_id = area_conclusions.wave_id
            and area_signs.theme_id = area_conclusions.theme_id
            and area_signs.construct_id = area_conclusions.construct_id
            and area_signs.outcome_id = area_conclusions.outcome_id
    group by all
),

-- A claim is about the paper's areas only, and only where all of them are in the build.
counts_of_areas as (
    select
        area_signs.construct_id,
        area_signs.outcome_id,
        area_signs.specification_number,
        [
            {%- for _ in multiverse_p_values() %}
            cast(sum((area_signs.positive_bits >> {{ loop.index0 }}) & 1) as integer){{ ',' if not loop.last }}
            {%- endfor %}
        ] as n_positive,
        [
            {%- for _ in multiverse_p_values() %}
            cast(sum((area_signs.negative_bits >> {{ loop.index0 }}) & 1) as integer){{ ',' if not loop.last }}
            {%- endfor %}
        ] as n_negative
    from area_signs
    inner join area_conclusions
        on
            area_signs.council_id = area_conclusions.council_id
            and area_signs.wave_id = area_conclusions.wave_id
            and area_signs.theme_id = area_conclusions.theme_id
            and area_signs.construct_id = area_conclusions.construct_id
            and area_signs.outcome_id = area_conclusions.outcome_id
            and area_conclusions.is_printed
    group by all
),

counted_areas as (
    select
        construct_id,
        outcome_id,
        specification_number,
        unnest(n_positive) as n_positive,
        unnest(n_negative) as n_negative
    from counts_of_areas
),

claimed as (
    select
        claims.claim_id,
        audited.wave_id,
        claims.construct_id,
        claims.outcome_id,
        audited.provenance,
        claims.claimed_positive,
        claims.claimed_negative,
        count(*) as n_specifications,
        avg(cast(
            counted_areas.n_positive = claims.claimed_positive
            and counted_areas.n_negative = claims.claimed_negative as integer
        )) as share_supporting,
        avg(cast(
            sign(counted_areas.n_positive - counted_areas.n_negative)
            = sign(claims.claimed_positive - claims.claimed_negative) as integer
        )) as share_same_direction,
        min(counted_areas.n_positive) as n_positive_min,
        median(counted_areas.n_positive) as n_positive_median,
        max(counted_areas.n_positive) as n_positive_max,
        min(counted_areas.n_negative) as n_negative_min,
        median(counted_areas.n_negative) as n_negative_median,
        max(counted_areas.n_negative) as n_negative_max
    from claims
    inner join audited on claims.claim_id = audited.claim_id
    inner join counted_areas
        on
            claims.construct_id = counted_areas.construct_id
            and claims.outcome_id = counted_areas.outcome_id
    group by all
),

conclusions as (
    select
        'cell' as level_id,
        cells.council_id || '/' || cells.theme_id || '/' || cells.topic_id as conclusion_id,
        cells.*,
        n_distinct_results.n_distinct,
        1 - cells.share_positive - cells.share_negative as share_none,
        surveys.provenance
    from cells
    inner join n_distinct_results
        on
            cells.council_id = n_distinct_results.council_id
            and cells.wave_id = n_distinct_results.wave_id
            and cells.theme_id = n_distinct_results.theme_id
            and cells.topic_id = n_distinct_results.topic_id
            and cells.construct_id = n_distinct_results.construct_id
            and cells.outcome_id = n_distinct_results.outcome_id
    inner join surveys
        on
            cells.council_id = surveys.council_id
            and cells.wave_id = surveys.wave_id
    union all by name
    select
        'area' as level_id,
        areas.council_id || '/' || areas.theme_id as conclusion_id,
        areas.*,
        'all' as topic_id,
        surveys.provenance
    from areas
    inner join surveys
        on
            areas.council_id = surveys.council_id
            and areas.wave_id = surveys.wave_id
    union all by name
    select
        'claim' as level_id,
        claim_id as conclusion_id,
        'all' as council_id,
        'all' as theme_id,
        'all' as topic_id,
        true as is_printed,
        claimed.* exclude (claim_id)
    from claimed
),

final as (
    select
        level_id,
        conclusion_id,
        council_id,
        wave_id,
        theme_id,
        topic_id,
        construct_id,
        outcome_id,
        {{ outcome_label('outcome_id') }} as outcome_label,
        case
            when level_id = 'claim' then claimed_positive || ' positive, ' || claimed_negative || ' negative'
            when is_concluded_positive and is_concluded_negative then 'positive and negative'
            when is_concluded_positive then 'positive'
            when is_concluded_negative then 'negative'
            else 'none'
        end as conclusion,
        case when is_printed then 'printed' else 'own choices' end as conclusion_source,
        cast(n_specifications as bigint) as n_specifications,
        cast(n_distinct as bigint) as n_distinct,
        {{ round_half_away('share_supporting', 3) }} as share_supporting,
        {{ round_half_away('share_same_direction', 3) }} as share_same_direction,
        {{ round_half_away('share_positive', 3) }} as share_positive,
        {{ round_half_away('share_negative', 3) }} as share_negative,
        {{ round_half_away('share_none', 3) }} as share_none,
        {{ reported('estimate_min', 3) }} as estimate_min,
        {{ reported('estimate_median', 3) }} as estimate_median,
        {{ reported('estimate_max', 3) }} as estimate_max,
        cast(claimed_positive as bigint) as n_positive_claimed,
        cast(n_positive_min as bigint) as n_positive_min,
        n_positive_median,
        cast(n_positive_max as bigint) as n_positive_max,
        cast(claimed_negative as bigint) as n_negative_claimed,
        cast(n_negative_min as bigint) as n_negative_min,
        n_negative_median,
        cast(n_negative_max as bigint) as n_negative_max,
        provenance
    from conclusions
)

select * from final
order by level_id, outcome_id, construct_id, conclusion_id, wave_id
