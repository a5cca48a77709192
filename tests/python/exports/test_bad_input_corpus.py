"""Every broken or hostile file of the corpus is refused with its message, repaired, or loads with every cell."""

import re
from collections import Counter

import pytest
from corpus import CASES, FAMILIES, LOADED, PROJECT, READ_CSV, REFUSED, REPAIRED, mutate, summary, try_all

from building import Project


@pytest.fixture(scope="module")
def results():
    tried = try_all()
    print(summary(tried))
    return tried


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[f"{case.family}, {case.name}" for case in CASES])
def test_a_broken_file_meets_its_fate(results, case):
    result = results[case]
    assert result.problem == ""
    assert result.outcome == case.outcome


def test_the_corpus_is_wide_and_its_messages_tell_cases_apart():
    assert len(CASES) >= 80
    assert len(set(CASES)) == len(CASES)
    assert min(len(cases) for cases in FAMILIES.values()) >= 6
    messages = Counter(case.words for case in CASES if case.words)
    assert messages.most_common(1)[0][1] <= 4
    # Only a file that is fine needs no message.
    assert all(case.words for case in CASES if case.outcome != LOADED)


def test_the_corpus_reads_files_as_the_seed_materialization_does():
    macro = (PROJECT / "macros" / "seed_as_text.sql").read_text(encoding="utf-8")
    options = re.search(r"\{\{ quoted_text\(path\) \}\}, (.*?)\n\s*\)\n", macro, re.DOTALL).group(1)
    assert " ".join(options.split()) == READ_CSV


# One of each family, through dbt as a user runs it, several at a time: dbt prints the messages of all broken files, so
# cases of different files share a build. A broken codebook is told before any export is looked at, so it is by itself.
def one_of_each_family():
    """Choose a refused case of each family, in the export that the fewest others break: so fewer builds are needed."""
    refused = {name: [c for c in CASES if c.family == name and c.outcome == REFUSED] for name in FAMILIES}
    chosen, n_broken = [], Counter()
    for cases in sorted(refused.values(), key=lambda cases: len({case.file for case in cases})):
        chosen.append(min(cases, key=lambda case: ("/codebook/" in case.file, n_broken[case.file])))
        n_broken[chosen[-1].file] += 1
    return chosen


def groups_of_different_files(cases):
    """Put each case into the first group of its kind in which no other case breaks the same file."""
    groups: list[list] = []
    for case in cases:
        for group in groups:
            is_same_kind = all(("/codebook/" in other.file) == ("/codebook/" in case.file) for other in group)
            if is_same_kind and all(other.file != case.file for other in group):
                group.append(case)
                break
        else:
            groups.append([case])
    return groups


@pytest.fixture(scope="module")
def published_project(tmp_path_factory):
    """A project with files where a build would write, to see that a refusal leaves them alone."""
    project = Project.copy_to(tmp_path_factory.mktemp("refused"))
    for name in ("coproduction.duckdb", "published.duckdb"):
        (project.directory / "warehouse" / name).write_bytes(b"as it was " * 1000)
    return project


@pytest.mark.parametrize(
    "cases",
    groups_of_different_files(one_of_each_family()),
    ids=lambda cases: "; ".join(f"{c.family}, {c.name}" for c in cases),
)
def test_dbt_build_refuses_with_the_messages_and_leaves_the_files_alone(published_project, cases):
    originals = {case.file: (published_project.directory / case.file).read_bytes() for case in cases}
    warehouse = published_project.directory / "warehouse"
    before = {file.name: file.read_bytes() for file in warehouse.iterdir()}
    try:
        for case in cases:
            mutate(published_project.directory, case)
        build = published_project.build()
    finally:
        for name, original in originals.items():
            (published_project.directory / name).write_bytes(original)
    assert not build.succeeded
    for case in cases:
        assert case.words in build.output
    assert "Traceback" not in build.output
    assert {file.name: file.read_bytes() for file in warehouse.iterdir()} == before


def test_outcomes_of_every_kind_are_in_the_corpus():
    assert {case.outcome for case in CASES} == {REFUSED, REPAIRED, LOADED}
