"""One council's answers, in the order of the algorithm: outcomes first, covariates last."""

from dataclasses import dataclass, field

import numpy as np

from workbench.calibration import activities, arms, covariates, groups
from workbench.calibration.codes import BLANK, DONT_KNOW, KINDS, NO_SCORE, NOT_ASKED, REFUSED
from workbench.calibration.correlation import Outcome
from workbench.calibration.design import AGES, OLDEST, PLANS, SEED, SHAPES, ExportPlan
from workbench.calibration.streams import Stream, quota, ranked
from workbench.calibration.targets import Targets, Window, read_seed

TIME_MEASURES = {"time_willing": "willing_monthly", "time_current": "currently_monthly", "time_extra": "extra_monthly"}
Question = dict[str, str]


@dataclass
class Theme:
    """The data of a theme for later steps: respondents who skip it, latents, group answers and the two outcomes."""

    theme_id: str
    skips: np.ndarray
    activism: np.ndarray
    satisfaction: np.ndarray
    indexes: dict[str, np.ndarray] = field(default_factory=dict)  # by topic
    groups: dict[str, np.ndarray] = field(default_factory=dict)  # by topic

    def collective(self) -> np.ndarray:
        """Return participation in any group of the theme."""
        return groups.participation(list(self.groups.values()))


class Council:
    """The answers of one export, by column, as scores and codes of missing answers."""

    def __init__(self, export_id: str) -> None:
        """Read the targets, the questions and the plan."""
        self.export_id = export_id
        self.plan: ExportPlan = PLANS[export_id]
        self.targets = Targets(export_id)
        self.size = self.targets.respondents()
        self.questions = [row for row in read_seed("codebook/questions") if row["export_id"] == export_id]
        self.kinds = kinds_by_scale()
        self.answers: dict[str, np.ndarray] = {}
        self.arms = np.zeros(self.size, dtype=np.int64)
        self.themes: list[Theme] = []

    def stream(self, theme_id: str, item: str) -> Stream:
        """Open the stream of an item."""
        return Stream(SEED, self.export_id, theme_id, item)

    def asked(self, theme_id: str, *constructs: str) -> list[Question]:
        """Return the questions of a theme that measure one of the constructs."""
        return [row for row in self.questions if row["theme_id"] == theme_id and row["construct_id"] in constructs]

    def build(self) -> "Council":
        """Draw every column and adjust it to the printed numbers."""
        for theme_id in dict.fromkeys(row["theme_id"] for row in self.questions if row["theme_id"]):
            self.themes.append(self.open_theme(theme_id))
        self.draw_arms()
        for theme in self.themes:
            self.answer_activities(theme)
            self.answer_groups(theme)
        self.settle_arms()
        for theme in self.themes:
            self.answer_time(theme)
            self.answer_correlates(theme)
        self.answer_person()
        self.mark_not_asked()
        return self

    def open_theme(self, theme_id: str) -> Theme:
        """Draw the respondents who skip the theme, and the latents that its items share."""
        skips = np.zeros(self.size, dtype=bool)
        skips[self.stream(theme_id, "skips").order(self.size)[: self.size * self.plan.skipped // 1000]] = True
        active = activities.activism(self.stream(theme_id, "activism"), self.size)
        return Theme(theme_id, skips, active, self.stream(theme_id, "satisfaction").latent(self.size))

    def draw_arms(self) -> None:
        """Assign the arms where the export has a nudge column."""
        for row in self.asked("", "nudge"):
            self.arms = arms.draw_arms(self.stream("", "arms"), self.size)
            self.answers[row["column_name"]] = self.arms

    def answer_activities(self, theme: Theme) -> None:
        """Answer the activity items; the mean index of the theme rounds to the printed per cent."""
        window = self.targets.printed_level(theme.theme_id, "individual_index")
        rows = self.asked(theme.theme_id, "individual_activity")
        topics = list(dict.fromkeys(row["topic_id"] for row in rows))
        level, blocks = (window.low + window.high) // 20, []
        for topic_id in topics:
            n_items = sum(row["topic_id"] == topic_id for row in rows)
            stream = self.stream(theme.theme_id, f"activities {topic_id}")
            blocks.append(activities.draw_items(stream, theme.activism, level, n_items, theme.skips))
        items = np.concatenate(blocks, axis=1)
        activities.settle_level(self.stream(theme.theme_id, "index level"), items, window)
        for topic_id in {"all", *topics}:
            chosen = [topic_id in ("all", row["topic_id"]) for row in rows]
            theme.indexes[topic_id] = activities.index(items[:, chosen])
        self.answers |= {row["column_name"]: items[:, place] for place, row in enumerate(rows)}

    def answer_groups(self, theme: Theme) -> None:
        """Answer the group items; levels and nudge coefficients round as printed."""
        window = self.targets.printed_level(theme.theme_id, "collective_participation")
        joiners = theme.activism + self.stream(theme.theme_id, "joiners").latent(self.size)
        for row in self.asked(theme.theme_id, "group_participation"):
            topic_id = row["topic_id"]
            theme.groups[topic_id] = self.answer_group(theme, topic_id, joiners, window)
            self.answers[row["column_name"]] = theme.groups[topic_id]
        if len(theme.groups) > 1:
            stream = self.stream(theme.theme_id, "union")
            groups.settle_union(stream, list(theme.groups.values()), self.arms, window)
        often = self.targets.level(theme.theme_id, "collective_often")
        for topic_id, answers in theme.groups.items():
            valid, positive = int((answers >= 0).sum()), int((answers > 0).sum())
            n_often = often.middle_count(valid) if often else positive * 3 // 10
            groups.raise_to_often(self.stream(theme.theme_id, f"often {topic_id}"), joiners, answers, n_often)

    def answer_group(self, theme: Theme, topic_id: str, joiners: np.ndarray, window: Window) -> np.ndarray:
        """Answer one group item."""
        stream = self.stream(theme.theme_id, f"group {topic_id}")
        nudges = self.targets.nudges(theme.theme_id, topic_id, "collective_participation")
        in_arms = self.arms if nudges else np.zeros(self.size, dtype=np.int64)
        if topic_id != "all":
            level = self.plan.group_levels[theme.theme_id, topic_id]
            window = Window(level * 10 - 200, level * 10 + 200)
        n_valid = groups.possible_valid(in_arms, theme.skips, self.plan.group_missing)
        counts = groups.search_counts(stream, n_valid, nudges, window)
        keen = joiners + stream.latent(self.size) // 2
        return groups.answer_group(stream, keen, in_arms, theme.skips, counts)

    def settle_arms(self) -> None:
        """Exchange arms until the nudge coefficients of the indexes round as printed."""
        nudged, joined = [], []
        for theme in self.themes:
            for topic_id, answers in theme.groups.items():
                nudges = self.targets.nudges(theme.theme_id, topic_id, "individual_index")
                if nudges:
                    nudged.append(arms.NudgedIndex(theme.indexes[topic_id], nudges))
                    joined.append(np.clip(answers, -1, 1))
        if nudged:
            arms.settle_index(self.stream("", "index by arm"), self.arms, np.stack(joined, axis=1), nudged)

    def answer_time(self, theme: Theme) -> None:
        """Answer the questions on time: an exact count says at least a few hours a month."""
        for row in self.asked(theme.theme_id, *TIME_MEASURES):
            stream = self.stream(theme.theme_id, row["construct_id"])
            missing = self.draw_missing(stream, row, theme.skips, 40)
            n_valid = int((missing >= 0).sum())
            printed = self.targets.printed_level(theme.theme_id, TIME_MEASURES[row["construct_id"]])
            positive = printed.middle_count(n_valid)
            values = np.concatenate(
                [quota({0: 420, 1: 580}, n_valid - positive), quota({2: 600, 3: 290, 4: 110}, positive)]
            )
            latent = theme.activism + stream.latent(self.size)
            answers = missing.copy()
            answers[missing >= 0] = ranked(latent[missing >= 0], values)
            self.answers[row["column_name"]] = answers

    def answer_correlates(self, theme: Theme) -> None:
        """Answer the correlates of the theme; of two questions on one construct and topic, one has the target."""
        for row in self.asked(theme.theme_id, *SHAPES):
            construct_id = row["construct_id"]
            stream = self.stream(theme.theme_id, row["column_name"])
            key = (theme.theme_id, construct_id)
            missing = self.draw_missing(stream, row, theme.skips, self.plan.dont_know.get(key, 38))
            shape = self.plan.shapes.get(key, SHAPES[construct_id])
            values = quota(dict(enumerate(shape, start=1)), int((missing >= 0).sum()))
            noise = (theme.satisfaction + stream.latent(self.size)) * 7 // 10
            outcomes = self.outcomes([theme], row["topic_id"], construct_id) if row["is_primary"] == "true" else []
            self.answers[row["column_name"]] = covariates.fit(stream, noise, missing, values, outcomes)

    def answer_person(self) -> None:
        """Answer the questions about the person, whose correlations run over all themes of the council."""
        nobody = np.zeros(self.size, dtype=bool)
        for row in self.asked("", "gender", "age", "ethnicity"):
            construct_id = row["construct_id"]
            stream = self.stream("", construct_id)
            missing = self.draw_missing(stream, row, nobody, self.plan.refused.get(construct_id, 24))
            values = self.person_values(stream, row, int((missing >= 0).sum()))
            outcomes = self.outcomes(self.themes, "all", construct_id)
            noise = stream.latent(self.size)
            self.answers[row["column_name"]] = covariates.fit(stream, noise, missing, values, outcomes)

    def mark_not_asked(self) -> None:
        """Print a skipped theme as not asked where the export has a label for it, else leave it blank."""
        for theme in self.themes:
            for row in self.questions:
                if row["theme_id"] == theme.theme_id and NOT_ASKED in self.kinds[row["scale_id"]]:
                    self.answers[row["column_name"]][theme.skips] = NOT_ASKED

    def person_values(self, stream: Stream, row: Question, n_valid: int) -> np.ndarray:
        """Return the sorted values of gender, age or ethnicity."""
        if row["construct_id"] == "gender":
            return quota({1: self.plan.male, 2: 1000 - self.plan.male}, n_valid)
        if row["construct_id"] == "ethnicity":
            return quota({0: self.plan.white, 1: 1000 - self.plan.white}, n_valid)
        bands = quota(dict(enumerate(AGES.values(), start=1)), n_valid)
        if row["scale_id"] == "age_bands":
            return bands
        first = np.array([*AGES, OLDEST + 1])
        return np.sort(
            first[bands - 1] + stream.below(1 << 20, n_valid) * (first[bands] - first[bands - 1]) // (1 << 20)
        )

    def outcomes(self, themes: list[Theme], topic_id: str, construct_id: str) -> list[Outcome]:
        """Return the outcomes with a printed correlation with this correlate."""
        found = []
        for theme in themes:
            pairs = [("individual_index", theme.indexes["all"]), ("collective_participation", theme.collective())]
            for outcome_id, values in pairs:
                target = self.targets.correlation(theme.theme_id, topic_id, construct_id, outcome_id)
                if target is not None:
                    found.append(Outcome(values, target, outcome_id == "collective_participation"))
        return found

    def draw_missing(self, stream: Stream, row: Question, skips: np.ndarray, share: int) -> np.ndarray:
        """Return 0 for answers and a code for an exact number of missing answers, in addition to skipped themes."""
        codes = np.zeros(self.size, dtype=np.int64)
        able = np.nonzero(~skips)[0]
        lost = able[stream.order(len(able))[: self.size * share // 1000]]
        kinds = [*(kind for kind in self.kinds[row["scale_id"]] if kind != NOT_ASKED), BLANK]
        chances = {DONT_KNOW: 12, REFUSED: 12, NO_SCORE: 4, BLANK: 4}
        weights = [chances.get(kind, 3) for kind in kinds]
        codes[lost] = np.array(kinds)[stream.weighted(weights, len(lost))]
        codes[skips] = BLANK
        return codes


def kinds_by_scale() -> dict[str, list[int]]:
    """List by scale the codes of the missing answers that have a label."""
    found: dict[str, list[int]] = {}
    for answer in read_seed("codebook/answers"):
        kinds = found.setdefault(answer["scale_id"], [])
        code = KINDS.get(answer["answer_kind"])
        if answer["answer_kind"] == "valid" and not answer["answer_score"]:
            code = NO_SCORE
        if code is not None and code not in kinds:
            kinds.append(code)
    return found
