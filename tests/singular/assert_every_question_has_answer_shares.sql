-- The response rate of each question is about exactly the citizens or staff who are not excluded and were asked.
with

asked as (
    select
        council_id,
        wave_id,
        answers.respondent_role,
        construct_id,
        answers.column_name,
        count(*) as n_respondents
    from {{ ref('fct_answer') }} as answers
    inner join {{ ref('dim_respondent') }} as respondents using (respondent_key, council_id, wave_id)
    inner join {{ ref('dim_construct') }} as constructs using (construct_id)
    where
        not respondents.is_excluded
        and answers.answer_kind <> 'not_asked'
        and constructs.construct_role not in ('design', 'weight', 'replicate')
    group by all
),

reported as (
    select
        council_id,
        wave_id,
        respondent_role,
        construct_id,
        column_name,
        cast(sum(n_respondents) as bigint) as n_respondents
    from {{ ref('est_answer_shares') }}
    where statistic_id = 'response_rate' and breakdown_id = 'all' and weighting_id = 'unweighted'
    group by all
),

only_asked as (
    select * from asked
    except
    select * from reported
),

only_reported as (
    select * from reported
    except
    select * from asked
)

select * from only_asked
union all
select * from only_reported
