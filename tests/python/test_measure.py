"""What `make measure` counts: lengths, endings, labels, joins, folders, constants, circles and names."""

import ast

import pytest

from workbench import measure
from workbench.measure import import_circles, python_measures, sql_measures

GOOD_MODEL = """-- One row per survey.
with surveys as (select * from a),

final as (
    select surveys.council_id from surveys
    inner join b using (council_id)
    left join c
        on
            surveys.first_wave = c.wave_id
            and surveys.council_id = c.council_id
)

select * from final
"""

BAD_MODEL = """-- One row per survey.
select
    case model_id when 'lin' then 'Lin (2013)' when 'none' then 'none' end as label -- when 'a' then 'B'
from a
inner join b on a.council_id = b.council_id
inner join c
    on
        a.council_id = c.council_id
        and a.wave_id = c.wave_id
"""


@pytest.fixture
def project(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def by_name(measures):
    return {row.name.strip(): row for row in measures}


def test_a_model_in_house_style_holds_every_goal(project):
    found = by_name(sql_measures(project(models__marts__good_dot_sql=GOOD_MODEL)))
    assert [row.name for row in found.values() if row.holds is False] == []
    assert found["SQL model, lines: median / 90 % / max"].value == "13 / 13 / 13"
    assert found["marts"].value == "13 / 13 / 13"
    assert found["lines of join conditions"].value == "2"


def test_what_a_model_does_otherwise_is_counted_and_named(project):
    found = by_name(sql_measures(project(models__reports__bad_dot_sql=BAD_MODEL)))
    assert found["models that do not end in select * from x"].misses == ("models/reports/bad.sql",)
    assert (found["labels written in SQL"].value, found["labels written in SQL"].holds) == ("2", False)
    assert found["joins that could say using"].value == "2"
    assert found["lines of join conditions"].value == "3"


def test_lengths_of_functions_are_without_docstring_and_those_over_the_limit_are_named(project):
    body = "\n".join(["    pass"] * 61)
    folder = project(python__a__long_dot_py=f'def f():\n    """Say what."""\n{body}\n\ndef g():\n    pass\n')
    found = by_name(python_measures(folder))["function body, lines: median / 90 % / max"]
    assert (found.value, found.holds, found.misses) == ("31 / 61 / 61", False, ("a/long.py:f (61)",))


def test_an_exception_leaves_a_function_out(project, monkeypatch):
    body = "\n".join(["    pass"] * 61)
    monkeypatch.setitem(measure.EXCEPTIONS, "functions", {"a/long.py:f": "a list of cases"})
    folder = project(python__a__long_dot_py=f"def f():\n{body}\n\ndef g():\n    pass\n")
    assert by_name(python_measures(folder))["function body, lines: median / 90 % / max"].holds


def test_names_that_stand_for_two_things_are_found(project):
    folder = project(
        python__a__one_dot_py="LIMIT = 1\nSAME = 2\n",
        python__a__two_dot_py="LIMIT: int = 3\nSAME = 2\n",
        python__b__one_dot_py="",
    )
    found = by_name(python_measures(folder))
    assert found["constants of one name with two values"].misses == ("LIMIT",)
    assert found["modules of one name"].misses == ("one",)


def test_import_circles_are_found_also_through_functions_and_packages():
    texts = {
        "a/__init__.py": "from a.first import main",
        "a/first.py": "from a import second",
        "a/second.py": "def f():\n    from b import third\n",
        "b/third.py": "import a.second",
        "b/fourth.py": "import a.first",
    }
    trees = {name: ast.parse(text) for name, text in texts.items()}
    assert import_circles(trees) == ["a.second", "b.third"]


def test_every_exception_has_a_reason():
    assert all(reason for names in measure.EXCEPTIONS.values() for reason in names.values())
