"""A second attack on the published file, written from the file and its documentation alone, without the project's code.

Whoever wrote it knows what the columns mean and how figures are rounded, and nothing about which rows are withheld or
why. Each method tries every count that could have been printed as the file prints it, and yields what is left. A count
of fewer than ten people of whom one value is left has been worked out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

SURVEY = ["council_id", "wave_id"]
TOPIC = [*SURVEY, "theme_id", "topic_id"]
FEW = 10
# Columns of counts of people or of their answers, in any table.
COUNTS = ("n_respondents", "n_valid", "n_uncoded", "n_excluded", "n_flagged", "n_checked", "n_unexpected", "n_arm",
          "n_control", "n_staff", "n_citizens", "n_weighted", "n_trimmed", "n_missing_kinds", "n_unclaimed",
          "n_not_loaded", "n_earlier", "n_later")  # fmt: skip


@dataclass(frozen=True)
class Discovery:
    """What was worked out: the survey, in words what, and every value that the file leaves possible."""

    survey: tuple[str, str]
    what: str
    values: frozenset

    @property
    def is_certain(self) -> bool:
        """Whether one value is left."""
        return len(self.values) == 1


class Outsider:
    """Somebody with a connection to the published file, who reads its tables as they are."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        names = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_catalog = current_database()"
        ).fetchall()
        too_many = ("rpt_multiverse", "rpt_answer_shares")
        self.tables = {
            name: connection.execute(f"from {schema}.{name}").df() for schema, name in names if name not in too_many
        }
        self.shares = connection.execute(
            "from reports.rpt_answer_shares where statistic_id = 'share' and weighting_id = 'unweighted' "
            "and estimate in (0, 100)"
        ).df()
        measures = self.tables["dim_measure"]
        is_share = (
            measures.kind.isin(["any_item", "at_least"]) & measures.unit_maximum.eq(100) & measures.decimals.eq(0)
        )
        self.yes_or_no = set(measures.measure_id[is_share])

    def everything(self) -> Iterator[Discovery]:
        """Yield what every method finds."""
        yield from self.tables_of_two_by_two()
        yield from self.arms()
        yield from self.missing_outcomes()
        yield from self.levels_with_dont_know_as_no()
        yield from self.dont_know_behind_bases()
        yield from self.weights()
        yield from self.groups_that_are_left()
        yield from self.unanimous_groups()
        yield from self.counts_as_printed()
        yield from self.tiny_surveys()
        yield from self.staff_who_did_not_answer()

    def _levels(self) -> pd.DataFrame:
        levels = self.tables["rpt_levels"]
        return levels[levels.weighting_id.eq("unweighted") & levels.measure_id.isin(self.yes_or_no)]

    def _correlations(self) -> pd.DataFrame:
        table = self.tables["rpt_correlates"]
        return table[table.method_id.eq("pearson") & table.weighting_id.eq("unweighted")]

    def tables_of_two_by_two(self) -> Iterator[Discovery]:
        """Fourfold tables that have the printed r between a yes or no and a characteristic of two groups."""
        levels = self._levels()
        whole = levels[levels.topic_id.eq("all") & levels.breakdown_id.eq("all") & levels.estimate.notna()]
        whole = whole.set_index([*SURVEY, "theme_id", "measure_id"])
        hidden = levels[levels.topic_id.eq("all") & levels.breakdown_id.ne("all")]
        groups = hidden.groupby([*SURVEY, "theme_id", "measure_id", "breakdown_id"]).estimate.agg(["size", "count"])
        both_hidden = set(groups.index[groups["size"].eq(2) & groups["count"].eq(0)])
        correlations = self.tables["rpt_correlates"]
        chosen = correlations[
            correlations.method_id.eq("pearson")
            & correlations.weighting_id.eq("unweighted")
            & correlations.estimate.notna()
        ]
        for row in chosen.itertuples():
            key = (row.council_id, row.wave_id, row.theme_id, row.outcome_id)
            if (*key, row.construct_id) not in both_hidden or key not in whole.index:
                continue
            found = set()
            for n in self._bases(row):
                found |= _two_by_two(n, whole.loc[key].estimate, whole.loc[key].n_respondents, row.estimate)
            yield from _few(row, f"{row.theme_id}, {row.construct_id}, {row.outcome_id}", found)

    def _bases(self, row: object) -> Iterable[int]:
        """All bases that round down to the printed one, and have the printed p with the printed r."""
        printed = row.n_respondents if not pd.isna(row.n_respondents) else 0
        bases = np.arange(printed, printed + 10) if printed else np.arange(20, 1000)
        p = row.p_value_t
        if pd.isna(p):
            return bases
        ends = [np.clip(abs(row.estimate) + half, 0, 0.9999999) for half in (-0.0005, 0.0005)]
        highest, lowest = (2 * stats.t.sf(r * np.sqrt((bases - 2) / (1 - r * r)), bases - 2) for r in ends)
        if self._are_p_in_hundredths():
            return bases[(lowest <= p) & (highest > p - 0.01)]
        half = 0.5 * 10.0 ** (np.floor(np.log10(p)) - 2)
        return bases[(lowest <= p + half) & (highest >= p - half)]

    def _are_p_in_hundredths(self) -> bool:
        p = self.tables["rpt_correlates"].p_value_t.dropna()
        return bool(((100 * p).round(6) % 1).eq(0).all())

    def arms(self) -> Iterator[Discovery]:
        """Sizes of arms that have the printed chi-square and largest difference, where one size is not printed."""
        checks, effects = self.tables["rpt_nudge_checks"], self.tables["rpt_nudge_effects"]
        if "statistic" not in checks:
            return
        effects = effects[effects.model_id.eq("dummies") & effects.weighting_id.eq("unweighted")]
        for row in checks[checks.check_id.eq("arm_counts") & checks.statistic.notna()].itertuples():
            of_survey = effects[effects.council_id.eq(row.council_id) & effects.contrast_id.ne("interaction")]
            printed = of_survey.groupby("contrast_id").n_arm.max()
            if printed.isna().sum() != 1 or of_survey.n_control.isna().all():
                continue
            # More people are in an arm than have the outcome.
            known = [*printed.dropna().astype(int), int(of_survey.n_control.max())]
            sizes = np.array(list(product(range(1, FEW), *(range(size, size + 20) for size in known))))
            total, equal = sizes.sum(axis=1), sizes.mean(axis=1, keepdims=True)
            chi_square = ((sizes - equal) ** 2 / equal).sum(axis=1)
            spread = 100 * np.ptp(sizes, axis=1) / total
            fits = (np.abs(chi_square - row.statistic) < 0.00501) & (np.abs(spread - row.estimate) < 0.0501)
            fits &= (total >= row.n_respondents) & (total < row.n_respondents + 10)
            yield from _few(row, f"arm {printed.index[printed.isna()][0]}", set(sizes[fits][:, 0].tolist()))

    def missing_outcomes(self) -> Iterator[Discovery]:
        """Numbers of missing outcomes that have the printed percentage."""
        checks = self.tables["rpt_nudge_checks"]
        digits = 1 if ((checks.missing_pct.dropna() % 1) > 0).any() else 0
        for row in checks[checks.check_id.eq("non_response") & checks.missing_pct.gt(0)].itertuples():
            n, missing = np.meshgrid(np.arange(row.n_respondents, row.n_respondents + 10), np.arange(1, 400))
            fits = np.abs(100 * missing / n - row.missing_pct) <= 0.5 * 10.0**-digits + 1e-9
            yield from _few(
                row, f"missing, {row.theme_id}, {row.topic_id}, {row.outcome_id}", set(missing[fits].tolist())
            )

    def levels_with_dont_know_as_no(self) -> Iterator[Discovery]:
        """Numbers of Don't Know by which a level falls when they count as no."""
        table = self.tables["rpt_index_alternatives"]
        table = table[table.outcome_id.eq("collective_participation")]
        index = [*TOPIC, "outcome_id"]
        first = table[table.alternative_id.eq("sometimes_or_often")]
        second = table[table.alternative_id.eq("dont_know_as_no")]
        both = first.merge(second, on=index, suffixes=("_before", "_after"))
        both = both[both.estimate_before.notna() & both.estimate_after.notna() & both.difference_points_after.lt(0)]
        for row in both.itertuples():
            found = set()
            for n in range(int(row.n_respondents_before), int(row.n_respondents_before) + 10):
                yes, more = np.meshgrid(np.arange(n + 1), np.arange(1, 60), indexing="ij")
                before, after = 100 * yes / n, 100 * yes / (n + more)
                fits = (np.abs(before - row.estimate_before) <= 0.5) & (np.abs(after - row.estimate_after) <= 0.5)
                fits &= np.abs(after - before - row.difference_points_after) <= 0.05 + 1e-9
                fits &= (n + more >= row.n_respondents_after) & (n + more < row.n_respondents_after + 10)
                found |= set(more[fits].tolist())
            yield from _few(row, f"Don't Know, {row.theme_id}, {row.topic_id}", found)

    def dont_know_behind_bases(self) -> Iterator[Discovery]:
        """Numbers of Don't Know that have the printed share, for the bases that r and p allow."""
        chosen = self._correlations()
        for row in chosen[chosen.dont_know_share.gt(0) & chosen.n_respondents.notna()].itertuples():
            n, unknown = np.meshgrid(list(self._bases(row)), np.arange(1, 400))
            # Some of those who did not know have no outcome, so the share is not exactly of this base.
            fits = np.abs(unknown / (n + unknown) - row.dont_know_share) <= 0.0005 + 1e-9
            what = f"Don't Know, {row.theme_id}, {row.topic_id}, {row.construct_id}, {row.outcome_id}"
            yield from _few(row, what, set(unknown[fits].tolist()))

    def weights(self) -> Iterator[Discovery]:
        """Numbers of people with the highest weight that have the printed design effect, if there are two weights."""
        table = self.tables["rpt_weights"]
        if "highest_weight" not in table:
            return
        for row in table[table.weight_source.eq("raked") & table.highest_weight.gt(table.lowest_weight)].itertuples():
            n, few = np.meshgrid(np.arange(row.n_weighted, row.n_weighted + 10), np.arange(1, FEW))
            found = set()
            for ratio in (row.highest_weight / row.lowest_weight, row.lowest_weight / row.highest_weight):
                effect = n * (few * ratio**2 + n - few) / (few * ratio + n - few) ** 2
                found |= set(few[np.abs(effect - row.design_effect) <= 0.00501].tolist())
            yield from _few(row, "people with the highest weight", found)

    def groups_that_are_left(self) -> Iterator[Discovery]:
        """How many people the whole leaves for the groups of a breakdown that are not printed."""
        levels = self._levels()
        keys = [*TOPIC, "measure_id"]
        wholes = levels[levels.breakdown_id.eq("all") & levels.estimate.notna()].set_index(keys)
        for key, groups in levels[levels.breakdown_id.ne("all")].groupby([*keys, "breakdown_id"]):
            hidden = groups[groups.estimate.isna()]
            if hidden.empty or key[:-1] not in wholes.index:
                continue
            whole = _counts_of(wholes.loc[key[:-1]])
            parts = [_counts_of(row) for _, row in groups[groups.estimate.notna()].iterrows()]
            most = max(n for n, _ in whole) - sum(min(n for n, _ in part) for part in parts)
            # Each hidden group has at least one person. Others may be in no group, so only this remainder is certain.
            if most <= len(hidden):
                yield Discovery(key[:2], f"people left, {', '.join(key[2:])}", frozenset({most}))

    def unanimous_groups(self) -> Iterator[Discovery]:
        """Shares of 0 or 100 per cent of few people: everybody answered alike."""
        tables = [self._levels(), self.tables["rpt_answer_levels"]]
        tables[1] = tables[1][tables[1].weighting_id.eq("unweighted") & tables[1].outcome_id.isin(self.yes_or_no)]
        for table in tables:
            for row in table[table.estimate.isin([0, 100]) & table.n_respondents.lt(190)].itertuples():
                yield Discovery((row.council_id, row.wave_id), f"all alike, {row.Index}", frozenset({row.estimate}))
        staff = self.tables["rpt_staff_gaps"]
        for column, base in (("staff_level", "n_staff"), ("citizens_level", "n_citizens")):
            for row in staff[staff[column].isin([0, 100]) & staff[base].lt(190)].itertuples():
                yield Discovery(
                    (row.council_id, row.wave_id), f"all staff or citizens alike, {row.Index}", frozenset({0})
                )
        again = self.tables["rpt_attrition"]
        for row in again[again.estimate.isin([0, 100]) & again.n_respondents.lt(190)].itertuples():
            yield Discovery((row.council_id, row.wave_id), f"all or none again, {row.Index}", frozenset({row.estimate}))
        for row in self.shares[self.shares.n_respondents.lt(190) & self.shares.estimate.eq(100)].itertuples():
            yield Discovery((row.council_id, row.wave_id), f"all gave one answer, {row.Index}", frozenset({100}))

    def counts_as_printed(self) -> Iterator[Discovery]:
        """Counts of one to nine people or answers that the file prints."""
        for name, table in self.tables.items():
            for column in set(COUNTS) & set(table.columns):
                if name == "dim_survey" and column == "n_respondents":
                    continue  # Table 1, which is printed on purpose.
                for row in table[table[column].between(1, FEW - 1)].to_dict("records"):
                    survey = (row.get("council_id", row.get("export_id", "")), row.get("wave_id", ""))
                    yield Discovery(survey, f"{name}.{column}", frozenset({int(row[column])}))

    def tiny_surveys(self) -> Iterator[Discovery]:
        """Surveys of fewer than ten people with a result."""
        surveys = self.tables["dim_survey"]
        for row in surveys[(surveys.n_respondents - surveys.n_excluded).lt(FEW)].itertuples():
            shown = self._levels()
            if (shown.council_id.eq(row.council_id) & shown.wave_id.eq(row.wave_id) & shown.estimate.notna()).any():
                yield Discovery((row.council_id, row.wave_id), "tiny survey", frozenset({int(row.n_respondents)}))

    def staff_who_did_not_answer(self) -> Iterator[Discovery]:
        """Numbers of staff without an answer: the rows of their file less those who print a gap and its interval."""
        exports = self.tables["rpt_exports"]
        n_rows = exports[exports.respondent_role.eq("staff")].groupby(SURVEY).n_file_rows.sum()
        are_rounded = not (exports.n_file_rows.dropna() % 10).any()
        gaps = self.tables["rpt_staff_gaps"]
        gaps = gaps[gaps.weighting_id.eq("unweighted") & gaps.measure_id.isin(self.yes_or_no) & gaps.ci_lower.notna()]
        for row in gaps.itertuples():
            pairs = [
                np.array([(n, k) for n in range(int(base), int(base) + 10) for k in range(n + 1)
                          if abs(100 * k / n - level) <= 0.5 + 1e-9])
                for base, level in ((row.n_staff, row.staff_level), (row.n_citizens, row.citizens_level))
            ]  # fmt: skip
            (n_staff, k_staff), (n_other, k_other) = pairs[0].T[:, :, None], pairs[1].T[:, None, :]
            p_staff, p_other = k_staff / n_staff, k_other / n_other
            of_staff, of_other = p_staff * (1 - p_staff) / (n_staff - 1), p_other * (1 - p_other) / (n_other - 1)
            df = (of_staff + of_other) ** 2 / (of_staff**2 / (n_staff - 1) + of_other**2 / (n_other - 1))
            gap, half = p_staff - p_other, stats.t.ppf(0.975, df) * np.sqrt(of_staff + of_other)
            fits = np.abs(100 * gap - row.estimate) <= 0.05 + 1e-9
            for end, printed in ((gap - half, row.ci_lower), (gap + half, row.ci_upper)):
                fits &= np.abs(100 * np.clip(end, -1, 1) - printed) <= 0.05 + 1e-9
            answered = set(np.broadcast_to(n_staff, fits.shape)[fits].tolist())
            total = int(n_rows[row.council_id, row.wave_id])
            missing = {total + more - n for n in answered for more in range(10 if are_rounded else 1)}
            if min(missing, default=0) > 0:
                yield from _few(
                    row, f"staff without an answer, {row.theme_id}, {row.topic_id}, {row.measure_id}", missing
                )

    def missing_cell(self, start: bytes, end: bytes, labels: Iterable[str]) -> set[str]:
        """Labels with which the file between two known parts has a fingerprint that the manifest prints."""
        facts = self.tables["manifest"].iloc[:, :].astype(str).to_numpy().ravel()
        return {label for label in labels if hashlib.sha256(start + label.encode() + end).hexdigest() in set(facts)}


def _few(row: object, what: str, found: set) -> Iterator[Discovery]:
    """Yield what was found if it may be a number below ten. Of a pair, the first is a number of people."""
    if found and min(value[0] if isinstance(value, tuple) else value for value in found) < FEW:
        yield Discovery((row.council_id, row.wave_id), what, frozenset(found))


def _two_by_two(n: int, level: float, n_whole: float, r: float) -> set[tuple[int, int]]:
    """Size and yes of the smaller group, of n people of whom about `level` per cent say yes."""
    # Some with the outcome did not say who they are.
    lowest = max(level - 0.5, 0) / 100 * n_whole - (n_whole + 9 - n)
    yes = np.arange(max(int(lowest), 1), min(int((level + 0.5) / 100 * (n_whole + 9)) + 2, n))
    all_yes, size, own = np.meshgrid(yes, np.arange(1, FEW), np.arange(FEW), indexing="ij")
    possible = (own <= size) & (own <= all_yes)
    phi = (n * own - size * all_yes) / np.sqrt(size * (n - size) * all_yes * (n - all_yes))
    fits = possible & (np.abs(np.abs(phi) - abs(r)) <= 0.0005 + 1e-9)
    return set(zip(size[fits].tolist(), own[fits].tolist(), strict=True))


def _counts_of(row: pd.Series) -> list[tuple[int, int]]:
    """People, and yes, that print the percentage of a row, and its interval if that is Wilson's."""
    printed, found = int(row.n_respondents), []
    for n in range(printed, printed + 10):
        lowest, highest = n * (row.estimate - 0.5) / 100, n * (row.estimate + 0.5) / 100
        for yes in range(max(int(np.ceil(lowest - 1e-9)), 0), min(int(highest + 1e-9), n) + 1):
            interval = stats.binomtest(yes, n).proportion_ci(method="wilson")
            off = max(abs(100 * interval.low - row.ci_lower), abs(100 * interval.high - row.ci_upper))
            if row.std_error_type != "wilson" or off <= 0.500001:
                found.append((n, yes))
    return found or [(printed, 0), (printed + 9, 0)]
