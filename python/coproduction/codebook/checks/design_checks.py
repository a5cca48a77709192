"""Checks of what the codebook says about the design of a sample: clusters, strata, whom the results describe.

Every check takes the codebook and yields findings. DESIGN_CHECKS lists the checks in the order of their findings. That
an export has one column for each is checked with the other columns about a person, in question_checks.py.
"""

from collections.abc import Iterator

from coproduction.codebook.checks.row_errors import error_at
from coproduction.codebook.tables import Codebook
from coproduction.files.finding import Finding, quoted

DESIGN_CONSTRUCTS = ("cluster", "stratum", "replicate_weight")


def check_design_about_the_survey(codebook: Codebook) -> Iterator[Finding]:
    """Refuse a cluster or stratum with a theme: respondents are drawn once, for all themes."""
    for row in codebook["questions"]:
        if row["construct_id"] in DESIGN_CONSTRUCTS and row["theme_id"]:
            yield error_at(
                row,
                "theme_id",
                f"the column {quoted(row['column_name'])} is the {row['construct_id']} of a respondent, and "
                f"belongs to no theme",
                "leave theme_id and topic_id blank",
            )


def check_described_panels(codebook: Codebook) -> Iterator[Finding]:
    """Require the size of a panel that the results describe: without it there is no finite population."""
    for row in codebook["waves"]:
        if row["describes"] == "panel" and not (row["panel_size"].isdecimal() and int(row["panel_size"])):
            yield error_at(
                row,
                "describes",
                "the results describe the panel, but panel_size does not say how many members it has",
                "fill in panel_size, or leave describes blank",
            )


DESIGN_CHECKS = (check_design_about_the_survey, check_described_panels)
