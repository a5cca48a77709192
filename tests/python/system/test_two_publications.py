"""Two published files of a survey, with one respondent more in the second: what a reader of both works out of it."""

import duckdb
import pytest

import studies
from building import Project
from coproduction.build.publication import _warnings_about_repeats
from two_files import NO_ANSWER, answers_of_one_more

# The row that is not in the earlier file.
PLACE = 7


def file_of(project):
    return project.warehouse_path.with_name("published.duckdb")


@pytest.fixture(scope="module")
def one_fewer(small, tmp_path_factory):
    """The same surveys, each without one respondent, built and published in another folder."""
    project = Project.copy_of(small, tmp_path_factory.mktemp("one_fewer") / "project")
    file_of(project).unlink()
    for export_id in studies.SMALL_ROWS:
        header, *rows = project.read_export(export_id)
        project.write_export(export_id, [header, *(row for place, row in enumerate(rows) if place != PLACE)])
    build = project.build()
    assert build.succeeded, build.output
    # Nothing was published before.
    assert "published file of before" not in build.output
    return project


def true_answers(project, export_id):
    """Scores of the respondent by survey and column; none where the answer has none."""
    header, *rows = project.read_export(export_id)
    respondent = rows[PLACE][header.index(project.respondent_column(export_id))].strip()
    answers = project.query(
        f"""
        select council_id, wave_id, column_name, any_value(answer_score) filter (where answer_kind = 'valid') as score
        from marts.fct_answer where respondent_key = '{export_id}:{respondent}:1' group by all
        """
    )
    return {
        ((row.council_id, row.wave_id), row.column_name): NO_ANSWER if row.score != row.score else row.score
        for row in answers.itertuples()
    }


def test_one_person_more_reveals_answers_in_a_small_survey(small, one_fewer):
    """Suppression cannot prevent it: this is why a build warns, and what docs/disclosure.md has figures of."""
    truth = {}
    for export_id in studies.SMALL_ROWS:
        truth |= true_answers(small, export_id)
    with (
        duckdb.connect(str(file_of(one_fewer)), read_only=True) as before,
        duckdb.connect(str(file_of(small)), read_only=True) as after,
    ):
        found = answers_of_one_more(before, after)
    assert len(found) > 50
    for answer in found:
        assert truth[answer.survey, answer.column_name] in answer.values, answer
    shares = {
        council_id: sum(answer.is_certain for answer in of_council) / len(of_council)
        for council_id in studies.SMALL_ROWS
        if (of_council := [answer for answer in found if answer.survey[0] == council_id])
    }
    print(shares)
    # Of 60 people more is revealed than of 547.
    assert shares["barnet"] > shares["wolverhampton"]


def test_a_second_publication_with_few_respondents_more_warns(small, one_fewer):
    warnings = _warnings_about_repeats(file_of(one_fewer), file_of(small), 10)
    assert len(warnings) == len(studies.SMALL_ROWS)
    sizes = {council_id: len(one_fewer.read_export(council_id)) - 1 for council_id in studies.SMALL_ROWS}
    for warning, (council_id, n_before) in zip(warnings, sorted(sizes.items()), strict=True):
        assert f"{n_before} respondents of {council_id} in wave_1, and the new one {n_before + 1}" in warning
    assert _warnings_about_repeats(file_of(small), file_of(small), 10) == []
    assert _warnings_about_repeats(file_of(small).with_name("nothing.duckdb"), file_of(small), 10) == []
    # Another minimum prints other bases of the same people.
    (warning,) = _warnings_about_repeats(file_of(small), file_of(small), 20)
    assert "has minimum_base 10, and the new one 20" in warning
