"""Reflects and reads every table of a published file through SQLAlchemy: read_sqlalchemy.py FILE."""

import json
import sys
import warnings

import duckdb
import sqlalchemy

warnings.filterwarnings("ignore")
path = sys.argv[1]
engine = sqlalchemy.create_engine(f"duckdb:///{path}?access_mode=READ_ONLY")
n_rows, commented = {}, 0
with engine.connect() as connection:
    inspector = sqlalchemy.inspect(connection)
    schemas = {name.split(".")[-1].strip('"') for name in inspector.get_schema_names()}
    for schema in sorted(schemas - {"information_schema", "pg_catalog", "main"}):
        for name in inspector.get_table_names(schema=schema):
            table = sqlalchemy.Table(name, sqlalchemy.MetaData(), schema=schema, autoload_with=connection)
            commented += bool(inspector.get_table_comment(name, schema=schema)["text"])
            n_rows[f"{schema}.{name}"] = len(connection.execute(sqlalchemy.select(table)).fetchall())
    try:
        duckdb.connect(path, read_only=True)
        mixed = ""
    except duckdb.Error as reason:
        mixed = str(reason)
version = (
    f"{sqlalchemy.__version__}, duckdb-engine {__import__('duckdb_engine').__version__}, duckdb {duckdb.__version__}"
)
print(json.dumps({"version": version, "n_rows": n_rows, "commented": commented, "mixed": mixed}))
