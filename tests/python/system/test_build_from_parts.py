"""A build from parts is the same as a build at once, whatever changed since the parts were counted."""

from __future__ import annotations

import json
import re

import duckdb
import pytest

from building import Project
from coproduction.parts.handing_over import tables_handed_over
from coproduction.parts.keys import LATER_VARIABLES, NOT_COUNTED
from elsewhere import let_lie_elsewhere
from same_tables import differences_of
from studies import BUNDLED
from ways_of_building import GONE, OTHER_VARIABLES, FromParts, build_from_parts, records


@pytest.fixture(scope="module")
def from_parts(built, tmp_path_factory) -> FromParts:
    project = Project.copy_of(built, tmp_path_factory.mktemp("from_parts") / "project")
    # Two of the exports lie elsewhere; `built` has them as seeds.
    let_lie_elsewhere(project, project.directory.with_name("files"))
    return build_from_parts(project)


def test_the_result_is_that_of_one_build(built, from_parts):
    assert from_parts.build.succeeded, from_parts.build.output
    assert differences_of(built.warehouse_path, from_parts.project.warehouse_path) == []


def test_a_changed_variable_counts_again_as_one_build_does(built, from_parts):
    once = Project.copy_of(built, from_parts.project.directory.with_name("once"))
    changed = Project.copy_of(from_parts.project, from_parts.project.directory.with_name("changed"))
    builds = [
        once.build("--vars", OTHER_VARIABLES),
        changed.run("coproduction", "build", "--changed", "--vars", OTHER_VARIABLES),
    ]
    assert all(build.succeeded for build in builds), [build.output for build in builds]
    assert not set(records(changed).values()) & set(records(from_parts.project).values())
    assert differences_of(once.warehouse_path, changed.warehouse_path) == []
    assert any("counts.cnt_levels" in line for line in differences_of(built.warehouse_path, once.warehouse_path))


def test_each_shard_has_its_own_council_waves(from_parts):
    assert len(from_parts.plan) == 2
    named = [word for command in from_parts.plan for word in command if word.endswith(".wave_1")]
    assert sorted(named) == sorted(f"{council}.wave_1" for council in (*BUNDLED, GONE))
    assert sorted(from_parts.counted_by_shards) == sorted(named)


def test_only_what_changed_is_counted_again(from_parts):
    assert (
        "To be counted: barnet.wave_1, swansea.wave_1, wolverhampton.wave_1; the parts of 2 are current."
        in from_parts.build.output
    )
    now = records(from_parts.project)
    changed = {name for name in now if now[name] != from_parts.counted_by_shards[name]}
    assert changed == {"barnet.wave_1", "swansea.wave_1", "wolverhampton.wave_1"}
    assert set(now) == {f"{council}.wave_1" for council in BUNDLED}


def test_a_killed_part_does_not_count_and_leaves_nothing(from_parts):
    assert from_parts.records_after_the_kill == from_parts.counted_by_shards
    assert len(from_parts.work_after_the_kill) == 1
    assert sorted(path.name for path in from_parts.parts.iterdir() if path.is_dir()) == sorted(
        records(from_parts.project)
    )


def test_only_the_owner_may_read_parts(from_parts):
    paths = [from_parts.parts, *from_parts.parts.rglob("*")]
    assert {path: oct(path.stat().st_mode) for path in paths if path.stat().st_mode & 0o077} == {}


def test_the_build_is_published(built, from_parts):
    query = "select value from publication.manifest where item = 'build_id'"
    with duckdb.connect(str(from_parts.project.directory / "warehouse" / "published.duckdb"), read_only=True) as file:
        published = file.execute(query).fetchone()[0]
    assert published == from_parts.project.query(query).value[0] != built.query(query).value[0]


def test_tables_that_stay_in_the_parts_are_not_left_from_an_earlier_build(built, from_parts):
    query = "select table_schema || '.' || table_name as name from information_schema.tables"
    before, now = (set(project.query(query).name) for project in (built, from_parts.project))
    manifest = json.loads((built.directory / "target" / "manifest.json").read_bytes())
    handed_over = set(tables_handed_over(manifest))
    in_parts = {
        f"{node['schema']}.{node['name']}" for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"]["meta"].get("is_made_in_parts")
    }  # fmt: skip
    assert "staging.stg_coded_exports" in in_parts - handed_over
    assert before - now == in_parts - handed_over


def test_a_build_from_parts_of_other_files_is_refused(from_parts):
    project = from_parts.project
    before = project.export_path("derbyshire_dales").read_bytes()
    variables = json.dumps({"parts_from": "warehouse/parts"})
    project.write_export("derbyshire_dales", project.read_export("derbyshire_dales")[:-1])
    refused = project.run("dbt", "build", "--vars", variables)
    project.export_path("derbyshire_dales").write_bytes(before)
    assert not refused.succeeded
    assert "has no part of derbyshire_dales.wave_1 as its files" in refused.output


def test_what_is_left_out_of_the_key_is_not_read_by_any_table_of_a_part(built):
    manifest = json.loads((built.directory / "target" / "manifest.json").read_bytes())
    nodes, macros = manifest["nodes"], manifest["macros"]
    found = {name for name, node in nodes.items() if node["config"].get("meta", {}).get("is_made_in_parts")}
    # A test that is made in parts may read more than its part needs.
    waiting = [name for name in found if nodes[name]["resource_type"] == "model"]
    read = set(waiting)
    while waiting:
        parents = set(nodes[waiting.pop()]["depends_on"].get("nodes", [])) - read
        read |= parents
        waiting += parents
    assert {nodes[name]["name"] for name in read if nodes[name]["schema"] == "codebook"} & set(NOT_COUNTED) == set()
    called, waiting = set(), [name for node in read for name in nodes[node]["depends_on"].get("macros", [])]
    while waiting:
        name = waiting.pop()
        if name not in called:
            called.add(name)
            waiting += macros[name]["depends_on"]["macros"]
    code = [nodes[name].get("raw_code", "") for name in read]
    code += [macros[name]["macro_sql"] for name in called if ".coproduction." in name]
    named = {name for text in code for name in re.findall(r"var\(['\"](\w+)", text)}
    assert {"speeder_below", "excluded_flags"} <= named
    assert named & set(LATER_VARIABLES) == set()
    # What is named is there: a misspelled name would leave nothing out.
    assert set(NOT_COUNTED) <= {node["name"] for node in nodes.values()}
