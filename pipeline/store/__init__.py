"""Records as rows of tables, in SQLite, Parquet, CSV, JSON lines and pandas frames."""
