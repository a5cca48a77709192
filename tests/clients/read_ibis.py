"""Reads every table of a published file through ibis: read_ibis.py FILE."""

import json
import sys

import duckdb
import ibis

connection = ibis.duckdb.connect(sys.argv[1], read_only=True)
n_rows = {
    f"{schema}.{name}": connection.table(name, database=schema).to_pyarrow().num_rows
    for schema in connection.list_databases()
    if schema not in ("information_schema", "pg_catalog", "main")
    for name in connection.list_tables(database=schema)
}
print(json.dumps({"version": f"{ibis.__version__}, duckdb {duckdb.__version__}", "n_rows": n_rows}))
