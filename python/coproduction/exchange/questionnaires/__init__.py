"""The questions of a survey as a questionnaire: for LimeSurvey, Qualtrics, KoboToolbox and ODK, and on paper."""
