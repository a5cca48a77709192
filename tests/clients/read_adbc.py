"""Reads every table of a published file through ADBC, as Arrow or as polars frames: read_adbc.py FILE arrow|polars."""

import json
import sys

import adbc_driver_manager
import duckdb
import polars
from adbc_driver_duckdb import driver_path
from adbc_driver_manager import dbapi

path, frames = sys.argv[1:]
options = {"path": path, "access_mode": "READ_ONLY"}
n_rows = {}
connection = dbapi.connect(driver=driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=options)
with connection, connection.cursor() as cursor:
    cursor.execute("select schema_name || '.' || table_name from duckdb_tables() where not internal")
    for (table,) in cursor.fetchall():
        if frames == "polars":
            n_rows[table] = polars.read_database(f"select * from {table}", connection).height
        else:
            cursor.execute(f"select * from {table}")
            n_rows[table] = cursor.fetch_arrow_table().num_rows
version = f"{polars.__version__}, " if frames == "polars" else ""
version += f"adbc-driver-manager {adbc_driver_manager.__version__}, duckdb {duckdb.__version__}"
print(json.dumps({"version": version, "n_rows": n_rows}))
