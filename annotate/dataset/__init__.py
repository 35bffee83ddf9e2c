"""The corpus as a dataset: tables, columns, Parquet, card and Croissant."""
