"""What the codebook of the project already knows: its scales with their answers, and how its questions are worded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coproduction.codebook.labels import normalise_label
from coproduction.codebook.tables import Codebook, CodebookRow
from coproduction.drafting.recognition.wording.examples import Example, Examples, example_wordings
from coproduction.drafting.recognition.words import LEAST_ALIKE, likeness, words_of
from coproduction.errors import CoproductionError
from coproduction.exports.export_tables import header_of_file

# Scales of boxes and of any text would fit nearly every column.
_FITS_TOO_MUCH = frozenset({"tick_box", "none_of_these", "any_text"})


@dataclass(frozen=True)
class KnownScale:
    """A scale of the codebook: its answers by normalised label, and how many questions use it."""

    scale_id: str
    kind: str
    answers: dict[str, CodebookRow]
    n_questions: int


class Vocabulary:
    """The codebook without the questions of the exports named in ``without``, which it must not remember.

    ``project`` is the folder with the exports, for the columns that an earlier wave has and does not use. ``unseen``
    are wordings that are drafted as if no example wording were like them.
    """

    def __init__(
        self,
        codebook: Codebook,
        without: Collection[str] = (),
        project: Path | None = None,
        unseen: Collection[str] = (),
    ) -> None:
        self.codebook = codebook
        self.project = project
        self._unseen = [words_of(wording) for wording in unseen]
        self.questions = [row for row in codebook["questions"] if row["export_id"] not in without]
        self.themes = codebook.ids("themes", "theme_id")
        self.roles = codebook.roles()

    @cached_property
    def scales(self) -> list[KnownScale]:
        """The scales that list printed answers or codes, those that most questions use first."""
        used = Counter(row["scale_id"] for row in self.questions)
        answers: dict[str, dict[str, CodebookRow]] = defaultdict(dict)
        for row in self.codebook["answers"]:
            answers[row["scale_id"]][normalise_label(row["answer_label"])] = row
        known = [
            KnownScale(row["scale_id"], row["kind"], answers[row["scale_id"]], used[row["scale_id"]])
            for row in self.codebook["scales"]
            if row["scale_id"] not in _FITS_TOO_MUCH and "*" not in answers[row["scale_id"]]
        ]
        return sorted(known, key=lambda scale: -scale.n_questions)

    def scale(self, scale_id: str) -> KnownScale | None:
        """Return a scale by its id."""
        return next((scale for scale in self.scales if scale.scale_id == scale_id), None)

    @cached_property
    def wordings(self) -> dict[str, CodebookRow]:
        """The first question of each wording, by its words."""
        found: dict[str, CodebookRow] = {}
        for row in self.questions:
            if row["question_text"]:
                found.setdefault(words_of(row["question_text"]), row)
        return found

    @cached_property
    def _examples(self) -> list[Example]:
        """The rows of examples.csv but for those that are like a wording that must be unseen."""
        return [
            example
            for example in example_wordings()
            if not any(likeness(words_of(example.wording), unseen) >= LEAST_ALIKE for unseen in self._unseen)
        ]

    @cached_property
    def examples(self) -> Examples:
        """The example wordings, and those of the codebook's questions about a theme."""
        own = [
            (row["construct_id"], words)
            for words, row in self.wordings.items()
            if self.roles.get(row["construct_id"]) in ("outcome", "correlate")
        ]
        return Examples([*((example.construct, example.wording) for example in self._examples), *own])

    @cached_property
    def theme_examples(self) -> Examples:
        """The same wordings by their theme."""
        own = [(row["theme_id"], words) for words, row in self.wordings.items() if row["theme_id"]]
        known = [(example.theme, example.wording) for example in self._examples if example.theme in self.themes]
        return Examples([*known, *own])

    def topics_of(self, theme_id: str) -> list[str]:
        """Return the topics of a theme other than `all`."""
        return [
            row["topic_id"]
            for row in self.codebook["topics"]
            if row["theme_id"] == theme_id and row["topic_id"] != "all"
        ]

    @cached_property
    def theme_words(self) -> dict[str, frozenset[str]]:
        """The words that only one theme's name, topics and wordings use, by theme."""
        words: dict[str, set[str]] = defaultdict(set)
        for row in self.codebook["themes"]:
            words[row["theme_id"]] |= set(words_of(row["theme_name"] + " " + row["theme_id"]).split())
        for row in self.questions:
            if row["theme_id"]:
                words[row["theme_id"]] |= set(words_of(row["question_text"]).split())
        n_themes = Counter(word for of_theme in words.values() for word in of_theme)
        # What examples of other themes say as well, or of none, is no word of a theme.
        elsewhere: dict[str, set[str]] = defaultdict(set)
        for example in self._examples:
            for word in words_of(example.wording).split():
                elsewhere[word].add(example.theme)
        return {
            theme: frozenset(
                word for word in of_theme if n_themes[word] == 1 and len(word) > 3 and elsewhere[word] <= {theme}
            )
            for theme, of_theme in words.items()
        }

    def columns_in_file(self, export_id: str) -> frozenset[str]:
        """Return the columns of the file of an export, none if it cannot be read."""
        if self.project is None:
            return frozenset()
        try:
            return frozenset(header_of_file(self.project, self.codebook, self.codebook.file_of(export_id)))
        except (OSError, CoproductionError):
            return frozenset()

    def next_wave_of(self, names: Collection[str]) -> str | None:
        """Return the export whose claimed columns nearly all have a namesake among these; None if there is none."""
        claimed: dict[str, set[str]] = defaultdict(set)
        for row in self.questions:
            claimed[row["export_id"]].add(row["source_column"])
        shares = {
            export: len(columns & set(names)) / max(len(columns), 1)
            for export, columns in claimed.items()
            if len(columns) >= 5
        }
        best = max(shares, key=lambda export: shares[export], default=None)
        return best if best and shares[best] >= 0.7 else None
