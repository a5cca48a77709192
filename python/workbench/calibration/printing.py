"""Print coded answers as the council's own labels and write the export."""

import csv
from pathlib import Path

import numpy as np

from workbench.calibration.codes import BLANK, KINDS, NO_SCORE
from workbench.calibration.council import Council, Question
from workbench.calibration.groups import ARMS
from workbench.calibration.streams import Stream
from workbench.calibration.targets import read_seed
from workbench.calibration.unclaimed import pick, respondent_ids, unclaimed

WELSH_SHARE = 130  # respondents in Swansea who answered in Welsh, of 1,000


def labels_by_code() -> dict[str, dict[int, list[str]]]:
    """List the labels of the codebook by scale and code, in the order of the codebook."""
    found: dict[str, dict[int, list[str]]] = {}
    for answer in read_seed("codebook/answers"):
        code = KINDS.get(answer["answer_kind"], NO_SCORE)
        if answer["answer_score"]:
            code = int(answer["answer_score"])
        elif answer["answer_name"] in ARMS:
            code = ARMS.index(answer["answer_name"])
        found.setdefault(answer["scale_id"], {}).setdefault(code, []).append(answer["answer_label"])
    return found


class Printer:
    """Prints the columns of one council."""

    def __init__(self, council: Council) -> None:
        """Draw the language of each respondent; look up the scales."""
        self.council = council
        self.labels = labels_by_code()
        self.scales = {scale["scale_id"]: scale for scale in read_seed("codebook/scales")}
        welsh = council.stream("", "language").below(1000, council.size) < WELSH_SHARE
        self.is_welsh = welsh & (council.export_id == "swansea")

    def column(self, row: Question) -> list[str]:
        """Print the answers to a question."""
        stream = self.council.stream(row["theme_id"], f"print {row['column_name']}")
        if row["construct_id"] in ("education", "location"):
            printed = self.nominal(stream, row["scale_id"])
        else:
            codes = self.stored(row, self.council.answers[row["column_name"]])
            choices = stream.weighted([6, 2, 2, 1], self.council.size).tolist()
            printed = [
                self.label(row["scale_id"], code, choice, person)
                for person, (code, choice) in enumerate(zip(codes.tolist(), choices, strict=True))
            ]
        return stray(stream, printed) if self.council.export_id == "derbyshire_dales" else printed

    def nominal(self, stream: Stream, scale_id: str) -> list[str]:
        """Draw education or location at random, independent of all answers."""
        labels = [label for group in self.labels[scale_id].values() for label in group]
        return pick(stream, ("", *labels), [2, *[40 - 9 * place for place in range(len(labels))]], self.council.size)

    def stored(self, row: Question, codes: np.ndarray) -> np.ndarray:
        """Reverse the scores of a reversed question, which gives the answers that the respondents ticked."""
        if row["is_reversed"] == "false":
            return codes
        scale = self.scales[row["scale_id"]]
        return np.where(codes >= 0, int(scale["minimum"]) + int(scale["maximum"]) - codes, codes)

    def label(self, scale_id: str, code: int, choice: int, person: int) -> str:
        """Print one answer; if several labels have the same meaning, the language or a random draw selects one."""
        if code == BLANK:
            return ""
        if code >= 0 and self.scales[scale_id]["kind"] == "integer":
            return str(code)
        labels = self.labels[scale_id][code]
        if self.council.export_id == "swansea":
            return labels[int(self.is_welsh[person])]
        return labels[choice % len(labels)]

    def table(self) -> dict[str, list[str]]:
        """Print all columns in the council's own order."""
        council, plan = self.council, self.council.plan
        id_columns = {row["export_id"]: row["respondent_column"] for row in read_seed("codebook/exports")}
        questions = {row["column_name"]: row for row in council.questions}
        table = {}
        for name in (*plan.columns_before, *questions, *plan.columns_after):
            stream = council.stream("", f"column {name}")
            if name == id_columns[council.export_id]:
                table[name] = respondent_ids(council.export_id, stream, council.size)
            elif name in questions:
                table[name] = self.column(questions[name])
            else:
                table[name] = unclaimed(name, stream, council.size, self.is_welsh)
        return table


def stray(stream: Stream, printed: list[str]) -> list[str]:
    """Spell some labels irregularly, as people type them: upper or lower case, spaces, typographic apostrophes."""
    chances = stream.below(1000, len(printed)).tolist()
    typographic = (stream.below(1000, len(printed)) < 700).tolist()
    result = []
    for text, chance, curly in zip(printed, chances, typographic, strict=True):
        if chance < 30:
            text = text.upper()
        elif chance < 80:
            text = text.lower()
        elif chance < 110 and text:
            text += " "
        elif chance < 130 and text:
            text = " " + text
        elif chance < 150:
            text = text.replace(" ", "  ")
        result.append(text.replace("'", "\u2019") if curly else text)
    return result


def write_export(export_id: str, folder: Path) -> Path:
    """Build one council's answers and write its export."""
    table = Printer(Council(export_id).build()).table()
    path = folder / f"{export_id}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return path
