"""Try Superset: make a database, datasets, charts and a dashboard through its REST API, and open it in Chromium.

try_superset.py FOLDER PUBLISHED: FOLDER has the environment `venv`, and gets the metadata and a picture.
It stops with an error if a chart has other numbers than the published file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

PORT = 8097
BASE = f"http://127.0.0.1:{PORT}"
WHO = "trial"
CONFIG = Path(__file__).resolve().with_name("superset_config.py")
MEASURES = ["individual_index_pct", "collective_participation_pct"]
THEME = "environment"
INTERVAL_TITLE = "Individual index with its interval"
TITLE = "Co-production (see the column provenance: synthetic data are no results)"
INTERVALS = ["council_label", "theme_label", "individual_index_pct", "individual_index_low", "individual_index_high"]
INTERVALS += ["individual_index_base", "provenance"]


def main(folder: Path, published: Path) -> None:
    """Make the dashboard, compare its numbers with the file, and take a picture."""
    superset = str(folder / "venv" / "bin" / "superset")
    environment = {**os.environ, "SUPERSET_CONFIG_PATH": str(CONFIG), "SUPERSET_HOME": str(folder)}
    environment |= {"FLASK_APP": "superset"}
    metadata, empty = folder / "superset.db", folder / "empty.db"
    if not empty.is_file():
        # It takes minutes, so that the next trial starts with a copy.
        metadata.unlink(missing_ok=True)
        names = [
            "--username",
            WHO,
            "--password",
            WHO,
            "--firstname",
            WHO,
            "--lastname",
            WHO,
            "--email",
            "a@example.org",
        ]
        for step in (["db", "upgrade"], ["fab", "create-admin", *names, "--email", "a@example.org"], ["init"]):
            subprocess.run([superset, *step], env=environment, check=True, capture_output=True)
        metadata.replace(empty)
    shutil.copy(empty, metadata)
    with serving(superset, environment, folder / "server.log"):
        dashboard = make_dashboard(published, token())
        print(f"Superset: {dashboard} has the numbers of {published}.")
    # A browser without hands cannot log in. With this role the REST API would ignore the token.
    with serving(superset, environment | {"SUPERSET_ROLE_OF_ANYBODY": "Admin"}, folder / "server.log"):
        print(take_picture(dashboard, folder))


@contextmanager
def serving(superset: str, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run the server, on this computer alone, and stop it at the end."""
    serve = [superset, "run", "--host", "127.0.0.1", "--port", str(PORT), "--with-threads"]
    with log.open("a", encoding="utf-8") as file:
        server = subprocess.Popen(serve, env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        wait_for_server(server)
        yield
    finally:
        server.terminate()
        server.wait()


def wait_for_server(server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers. Raises SystemExit if it ends first."""
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{BASE}/health", timeout=60).close()
        except OSError:
            time.sleep(1)
        else:
            return
    raise SystemExit("Superset did not start: see server.log.")


def token() -> str:
    """Return what the REST API asks for: without it nobody owns what is made, and Superset refuses to make it."""
    found: str = call("security/login", {"username": WHO, "password": WHO, "provider": "db"})["access_token"]
    return found


def call(path: str, body: dict[str, Any], key: str = "", method: str = "POST") -> dict[str, Any]:
    """Return the answer of the REST API. Raises SystemExit with what it says if it refuses."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    request = urllib.request.Request(f"{BASE}/api/v1/{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=600) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{method} {path}: {error.code} {error.read().decode()[:2000]}") from error


def make_dashboard(published: Path, key: str) -> str:
    """Make everything, and return the address of the dashboard. Raises SystemExit if a number differs."""
    uri = f"duckdb:///{published}?access_mode=READ_ONLY"
    database = call("database/", {"database_name": "Published results", "sqlalchemy_uri": uri}, key)["id"]
    levels = call("dataset/", {"database": database, "schema": "bi", "table_name": "bi_levels"}, key)["id"]
    compare(levels, published, key)
    metrics = [metric(name) for name in MEASURES]
    only = {"expressionType": "SIMPLE", "clause": "WHERE", "subject": "theme_id", "operator": "==", "comparator": THEME}
    bars = {"x_axis": "council_label", "metrics": metrics, "groupby": [], "adhoc_filters": [only], "show_value": True}
    bars |= {"y_axis_title": "per cent", "show_legend": True, "row_limit": 100}
    rows = {"query_mode": "raw", "all_columns": INTERVALS, "adhoc_filters": [], "row_limit": 100}
    shown = {f"Levels in per cent: {THEME}": ("echarts_timeseries_bar", bars), INTERVAL_TITLE: ("table", rows)}
    charts = {name: chart(name, levels, kind, params, key) for name, (kind, params) in shown.items()}
    layout = json.dumps(layout_of(charts))
    made = call("dashboard/", {"dashboard_title": TITLE, "published": True, "position_json": layout}, key)["id"]
    for id_ in charts.values():
        call(f"chart/{id_}", {"dashboards": [made]}, key, "PUT")
    return f"{BASE}/superset/dashboard/{made}/?standalone=2"


def metric(column: str) -> dict[str, Any]:
    """Return a metric that shows the one figure of a mark as it is published."""
    return {"expressionType": "SIMPLE", "column": {"column_name": column}, "aggregate": "MAX", "label": column}


def chart(name: str, dataset: int, kind: str, params: dict[str, Any], key: str) -> int:
    """Make a chart and return its id."""
    full = json.dumps({"viz_type": kind, "datasource": f"{dataset}__table", **params})
    body = {"slice_name": name, "viz_type": kind, "datasource_id": dataset, "datasource_type": "table", "params": full}
    made: int = call("chart/", body, key)["id"]
    return made


def layout_of(charts: dict[str, int]) -> dict[str, Any]:
    """Return a dashboard with one chart in each row."""
    rows = [f"ROW-{place}" for place in range(len(charts))]
    parents = ["ROOT_ID", "GRID_ID"]
    layout: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]},
    }
    for row, (name, id_) in zip(rows, charts.items(), strict=True):
        cell = f"CHART-{id_}"
        meta = {"chartId": id_, "sliceName": name, "width": 12, "height": 60}
        plain = {"background": "BACKGROUND_TRANSPARENT"}
        layout[row] = {"type": "ROW", "id": row, "children": [cell], "parents": parents, "meta": plain}
        layout[cell] = {"type": "CHART", "id": cell, "children": [], "parents": [*parents, row], "meta": meta}
    return layout


def compare(dataset: int, published: Path, key: str) -> None:
    """Compare what Superset reads for the bars with the file. Raises SystemExit if a number differs."""
    query = {"columns": ["council_label"], "metrics": [metric(name) for name in MEASURES], "row_limit": 1000}
    query["filters"] = [{"col": "theme_id", "op": "==", "val": THEME}]
    body = {"datasource": {"id": dataset, "type": "table"}, "result_format": "json", "result_type": "full"}
    found = call("chart/data", {**body, "force": True, "queries": [query]}, key)["result"][0]["data"]
    columns = ["council_label", *MEASURES]
    sql = f"select {', '.join(columns)} from bi.bi_levels where theme_id = ?"
    with duckdb.connect(str(published), read_only=True) as connection:
        expected = sorted(connection.execute(sql, [THEME]).fetchall())
    shown = sorted(tuple(row[name] for name in columns) for row in found)
    if not expected or shown != expected:
        raise SystemExit(f"Superset shows {shown}, and the file has {expected}.")


def take_picture(dashboard: str, folder: Path) -> str:
    """Open the dashboard in Chromium, and return where the picture is. Raises SystemExit if a chart is not there."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return "There is no Chromium on this computer, so nothing was looked at."
    picture = folder / "dashboard.png"
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1400,1500", "--timeout=120000"]
    command += ["--virtual-time-budget=120000", f"--user-data-dir={folder / 'profile'}"]
    shown = subprocess.run([*command, "--dump-dom", dashboard], capture_output=True, text=True, check=True).stdout
    if INTERVAL_TITLE not in shown or "Unexpected error" in shown or "<canvas" not in shown:
        raise SystemExit(f"Chromium does not show the charts of {dashboard}.")
    subprocess.run([*command, f"--screenshot={picture}", dashboard], capture_output=True, check=True)
    return f"Look at {picture}."


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
