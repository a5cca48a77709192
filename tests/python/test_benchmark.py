"""The benchmark measures larger surveys that differ from the bundled ones in nothing but the number of respondents."""

import duckdb

from building import PROJECT
from workbench.benchmark.repeated_exports import repeat_exports


def test_repeated_exports_have_the_same_answers_of_new_respondents(tmp_path):
    (tmp_path / "seeds/exports").mkdir(parents=True)
    n_rows = repeat_exports(tmp_path, 2)

    def size_and_ids(project):
        file = project / "seeds/exports/barnet.csv"
        counted = "count(*), count(distinct RespondentID), count(distinct Q2)"
        return duckdb.execute(f"select {counted} from read_csv('{file}', all_varchar = true)").fetchone()

    (n_bundled, n_ids, n_answers), repeated = size_and_ids(PROJECT), size_and_ids(tmp_path)
    assert repeated == (2 * n_bundled, 2 * n_ids, n_answers)
    assert n_rows > 2 * n_bundled
