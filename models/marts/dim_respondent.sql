-- One row per respondent, excluded ones too: who they are, which questionnaire they had, what is odd about their row.
with

respondents as (
    select * from {{ ref('int_respondents') }}
),

final as (
    select
        respondent_key,
        person_key,
        export_id,
        council_id,
        wave_id,
        respondent_role,
        respondent_id,
        arm_id,
        gender_score,
        gender_label,
        age_years,
        age_band,
        age_score,
        ethnicity_score,
        ethnicity_label,
        education_label,
        location_label,
        weight,
        is_id_blank,
        is_duplicate,
        is_conflicting_duplicate,
        is_excluded
    from respondents
)

select * from final
