-- One row per respondent, excluded ones too: who they are, which questionnaire they had, which problems their row has.
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

weights as (
    select * from {{ ref('int_weights') }}
),

final as (
    select
        respondent_key,
        respondents.person_key,
        respondents.export_id,
        respondents.council_id,
        respondents.wave_id,
        respondents.respondent_role,
        respondents.respondent_id,
        respondents.arm_id,
        respondents.gender_score,
        respondents.gender_label,
        respondents.age_years,
        respondents.age_band,
        respondents.age_score,
        respondents.ethnicity_score,
        respondents.ethnicity_label,
        respondents.education_label,
        respondents.location_label,
        weights.weight,
        weights.weight_source,
        respondents.is_id_blank,
        respondents.is_duplicate,
        respondents.is_conflicting_duplicate,
        respondents.is_excluded,
        respondents.is_straight_liner,
        respondents.is_speeder,
        respondents.is_mostly_blank
    from respondents
    left join weights using (respondent_key)
)

select * from final
