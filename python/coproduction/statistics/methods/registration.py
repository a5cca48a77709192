"""Studies and registered hypotheses: which surveys share a family of tests, and which tests have a family of their own.

Families are those of a study: an added survey of another study changes no adjusted p. Pools and comparisons of areas
compare councils with each other, so their families run over all studies. A registered hypothesis takes the tests that
it names out of the family that they would be in, and into its own: Holm's adjustment where it is primary, Benjamini and
Hochberg's where it is exploratory.
"""

from typing import Any

import pandas as pd

from coproduction.statistics.methods.counts import SURVEY, TEXT
from coproduction.statistics.methods.multiplicity import BENJAMINI_HOCHBERG, HOLM, adjust

EVERY_STUDY = "all"
CORRELATE, NUDGE = "correlate", "nudge"
ADJUSTMENT_OF_KIND = {"primary": HOLM, "exploratory": BENJAMINI_HOCHBERG}
# The columns of hypotheses.csv that list ids, and the column of the estimates that has one of them; blank means any.
SELECTED = {
    "outcome_ids": "outcome_id",
    "construct_ids": "construct_id",
    "contrast_ids": "contrast_id",
    "theme_ids": "theme_id",
}
BETWEEN_IDS = ";"


def study_ids(estimates: pd.DataFrame, studies: pd.DataFrame | None) -> pd.Series:
    """Return the study of each estimate.

    Args:
        estimates: with council_id and wave_id.
        studies: council_id, wave_id, study_id, one row per survey (marts.dim_study). None: all surveys are one study.

    Returns:
        study_id, EVERY_STUDY if `studies` is None. A survey without a row is a study of its own.

    Raises:
        ValueError: a survey is in two studies.

    """
    if studies is None:
        return pd.Series(EVERY_STUDY, index=estimates.index, dtype=TEXT)
    if studies.duplicated(list(SURVEY)).any():
        raise ValueError("studies must have one row per council and wave.")
    declared = studies.set_index(list(SURVEY))["study_id"]
    own = estimates["council_id"].astype(TEXT) + "/" + estimates["wave_id"].astype(TEXT)
    found = declared.reindex(pd.MultiIndex.from_frame(estimates[list(SURVEY)])).set_axis(estimates.index)
    return found.where(found.notna(), own).astype(TEXT)


def adjust_registered(
    estimates: pd.DataFrame,
    p_value: str,
    method: str,
    quantity_id: str,
    studies: pd.DataFrame | None = None,
    hypotheses: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add p_value_adjusted and n_family to estimates, by study and registered hypothesis.

    Args:
        estimates: with `family_id` (null: in no family, and then in no hypothesis), `weighting_id`, the columns of
            SELECTED that this quantity has, and the raw p-values.
        p_value: the column of the p that is adjusted.
        method: adjustment of the tests that no hypothesis names: BENJAMINI_HOCHBERG or HOLM.
        quantity_id: CORRELATE or NUDGE; only hypotheses of this quantity are read.
        studies: as for `study_ids`.
        hypotheses: rows of hypotheses.csv: hypothesis_id, study_id, kind, quantity_id and the columns of SELECTED, in
            which ids have `;` between them. None: nothing is registered.

    Returns:
        The estimates, in which a registered test has the family_id `hypothesis_<hypothesis_id>`, of correlates followed
        by the method, since each method tests the same answers again.

    R: `p.adjust(p, "holm")`, `p.adjust(p, "BH")` on the tests of one family of one study.

    """
    study = study_ids(estimates, studies)
    family, is_in_family = estimates["family_id"], estimates["family_id"].notna()
    methods = pd.Series(method, index=estimates.index, dtype=TEXT)
    for hypothesis in _hypotheses_of(quantity_id, hypotheses):
        is_named = is_in_family & study.eq(hypothesis["study_id"]) & _is_selected(estimates, hypothesis)
        own = f"hypothesis_{hypothesis['hypothesis_id']}"
        if quantity_id == CORRELATE:
            family = family.where(~is_named, own + "_" + estimates["method_id"].astype(TEXT))
        else:
            family = family.where(~is_named, own)
        methods = methods.where(~is_named, ADJUSTMENT_OF_KIND[hypothesis["kind"]])
    return adjust(estimates.assign(family_id=family), p_value, methods, study)


def family_sizes(
    tests: pd.DataFrame, quantity_id: str, studies: pd.DataFrame | None, hypotheses: pd.DataFrame | None = None
) -> pd.Series:
    """Return for each test how many tests its family has at most, before anything is computed.

    That is the number of tests of its study and outcome. A hypothesis may be about several outcomes, so in a study with
    hypotheses it is the number over all outcomes.

    Args:
        tests: council_id, wave_id, outcome_id; one row per test.
        quantity_id: CORRELATE or NUDGE.
        studies: as for `study_ids`.
        hypotheses: as for `adjust_registered`.

    """
    study = study_ids(tests, studies)
    registered = {hypothesis["study_id"] for hypothesis in _hypotheses_of(quantity_id, hypotheses)}
    outcome = tests["outcome_id"].where(~study.isin(registered), "")
    return tests["outcome_id"].groupby([study, outcome], dropna=False).transform("size").astype("int64")


def _hypotheses_of(quantity_id: str, hypotheses: pd.DataFrame | None) -> list[dict[str, Any]]:
    if hypotheses is None:
        return []
    rows = hypotheses[hypotheses["quantity_id"].eq(quantity_id)]
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _is_selected(estimates: pd.DataFrame, hypothesis: dict[str, Any]) -> pd.Series:
    """Whether each estimate is a test that the hypothesis names."""
    is_selected = pd.Series(True, index=estimates.index)
    for listed, column in SELECTED.items():
        ids = hypothesis[listed]
        if column in estimates and not pd.isna(ids) and str(ids).strip():
            is_selected &= estimates[column].isin([text.strip() for text in str(ids).split(BETWEEN_IDS)])
    return is_selected
