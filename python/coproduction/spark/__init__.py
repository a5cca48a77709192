"""Runs the models from the exports to the counts on Spark: the same models, translated when they run.

dbt compiles the models, sqlglot translates their SQL from DuckDB's dialect to Spark's, Spark computes, and the counts
are handed to the DuckDB project as Parquet files. The reasons are in docs/decisions/0060-the-models-on-spark.md.
"""
