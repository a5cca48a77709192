"""Parts: the tables of each council-wave up to the counts, made apart and kept as Parquet files (docs/parts.md)."""
