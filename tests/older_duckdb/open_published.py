"""Opens a published file with an older DuckDB and reads every cell: open_published.py FOLDER_OF_DUCKDB FILE.

FOLDER_OF_DUCKDB is where `pip install --target` put that DuckDB. Prints its version and the number of tables.
"""

import sys
from pathlib import Path

sys.argv[1] = str(Path(sys.argv[1]).resolve())
sys.path.insert(0, sys.argv[1])

import duckdb  # noqa: E402 -- from the folder that was named

if not duckdb.__file__.startswith(sys.argv[1]):
    sys.exit(f"There is no DuckDB in {sys.argv[1]}.")
with duckdb.connect(sys.argv[2], read_only=True) as connection:
    tables = "select item, n_rows from publication.manifest where part_id = 'table'"
    counted = dict(connection.execute(tables).fetchall())
    for table, n_rows in counted.items():
        # Every column of every row is read, not only counted.
        found = connection.execute(f"select count(*), sum(hash(t)) from {table} as t").fetchone()[0]
        if found != n_rows:
            sys.exit(f"{table}: {found} rows, and the manifest counts {n_rows}")
print(f"DuckDB {duckdb.__version__} reads all {len(counted)} tables of {sys.argv[2]}")
