"""One label that nobody expected stops everything after the check, and only that."""

import pytest

from building import Project


@pytest.fixture(scope="module")
def stopped(built, tmp_path_factory):
    """A build over the results of another, with one label of one column corrupted after the check of the files."""
    project = Project.copy_of(built, tmp_path_factory.mktemp("gate") / "project")
    respondent = project.read_export("barnet")[11][0]
    project.spoil_while_loading("barnet", "Q12_3", f"RespondentID={respondent}", "Oftn")
    return project, project.build()


def test_exactly_that_columns_rule_fails(stopped):
    project, build = stopped
    assert not build.succeeded
    failed = project.query("from quality.expectation_results where not success")
    assert list(zip(failed.export_id, failed.column_name, failed.expectation_id, strict=True)) == [
        ("barnet", "Q12_3", "labels_within_scale")
    ]
    assert failed.n_unexpected[0] == 1


def test_everything_after_the_gate_is_skipped(stopped):
    _, build = stopped
    layers = ("int_", "dim_", "fct_", "cnt_", "est_", "plan_", "rpt_")
    # Labels and studies are read from the codebook, and the audit of the print from the paper: neither reads an answer.
    of_codebook = {"dim_label", "dim_family", "dim_sentence", "dim_study", "est_paper_audit", "rpt_paper_audit"}
    of_codebook |= {"int_measured_columns", "int_correlated_columns", "int_groups", "int_listed_answers"}
    after = {
        name: status for name, status in build.statuses.items() if name.startswith(layers) and name not in of_codebook
    }
    assert len(after) >= 25
    assert set(after.values()) == {"skipped"}


def test_profile_and_reconciliation_show_why(stopped):
    project, _ = stopped
    label = project.query("from quality.answer_profile where answer_kind = 'uncoded'").iloc[0]
    assert (label.export_id, label.column_name, label.answer_label, label.n_answers) == ("barnet", "Q12_3", "Oftn", 1)
    reconciliation = project.query("from quality.answer_reconciliation where n_uncoded > 0").iloc[0]
    assert (reconciliation.export_id, reconciliation.n_uncoded, reconciliation.is_balanced) == ("barnet", 1, True)


def test_message_names_file_column_value_and_what_to_do(stopped):
    _, build = stopped
    for part in (
        "seeds/exports/barnet.csv",
        "column Q12_3",
        "Oftn",
        "Sometimes",
        "answers.csv",
        "tolerated_answers.csv",
    ):
        assert part in build.output, part


def test_old_results_stay_and_are_called_old(built, stopped):
    project, _ = stopped
    assert project.query("from reports.rpt_levels").equals(built.query("from reports.rpt_levels"))
    assert "results of the build before" in project.run("coproduction", "levels").output
