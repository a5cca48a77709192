"""Before the field: how large a panel has to be, and who gets which version of the questionnaire."""
