"""Single questions in words of many surveys: most constructs are recognised, and none is wrong and certain.

The list was written after the rules and before they were mended for it; the bench has whole questionnaires.
"""

import csv

from building import PROJECT
from coproduction.drafting.opinions import opinion_row
from coproduction.drafting.recognition.confidence import CERTAIN
from coproduction.drafting.recognition.survey_file import SurveyColumn
from coproduction.drafting.recognition.vocabulary import Vocabulary

WORDINGS = PROJECT / "tests/python/fixtures/wordings.csv"


def test_most_questions_are_recognised_and_none_is_wrong_and_certain(codebook):
    vocabulary = Vocabulary(codebook)
    with WORDINGS.open(encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    wrong = []
    for question in asked:
        row = opinion_row(SurveyColumn("q1", question["answers"].split("|") * 9, question["wording"]), vocabulary)
        if row.construct != question["construct_id"]:
            wrong.append((question["wording"], row.construct, row.confidence))
    assert len(wrong) <= 0.07 * len(asked), wrong
    assert [entry for entry in wrong if entry[1] and entry[2] == CERTAIN] == []
