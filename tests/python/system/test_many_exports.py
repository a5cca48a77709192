"""Hundreds of small exports can be built: each of them is a few steps of some models, and DuckDB limits the steps."""

from building import Project

# So many fail with DuckDB's own limit of 1000.
N_EXPORTS = 250


def add_exports(project: Project) -> list[str]:
    """Add a council with exports of three people, each with a question of its own, so that no two share their SQL."""
    names = [f"estate_{number:03}" for number in range(N_EXPORTS)]
    project.append_codebook("councils", ["manytown,Manytown,,,,,Made up."])
    project.append_codebook("exports", [f"{name},manytown,wave_1,citizen,id,synthetic" for name in names])
    claim = "{0},{0}_q,individual_activity,health,all,frequency,false,true"
    project.append_codebook("questions", [claim.format(name) for name in names])
    for name in names:
        answers = [[f"{name}-1", "Often"], [f"{name}-2", "Never"], [f"{name}-3", "Never"]]
        project.write_export(name, [["id", f"{name}_q"], *answers])
    project.list_exports(*names)
    return names


def test_hundreds_of_exports_with_different_questions_are_built(tmp_path):
    project = Project.copy_to(tmp_path)
    names = add_exports(project)
    models = ("int_measure_values", "answer_profile", "unclaimed_columns")
    build = project.build("--exclude-resource-type", "test", "unit_test", "--select", *(f"+{name}" for name in models))
    assert build.succeeded, build.output
    profile = project.query(
        "select export_id, sum(n_answers) as n_answers, sum(if(answer_label = 'Never', n_answers, 0)) as n_never "
        "from quality.answer_profile where export_id like 'estate%' group by all order by all"
    )
    assert profile.export_id.tolist() == names
    assert profile.n_never.eq(2).all()
    assert profile.n_answers.eq(3).all()
    measured = project.query(
        "select count(distinct respondent_number) as n from intermediate.int_measure_values "
        "inner join staging.stg_coded_exports using (respondent_number) where export_id like 'estate%'"
    )
    assert measured.n.tolist() == [3 * N_EXPORTS]
