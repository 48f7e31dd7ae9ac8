//! The benchmark table: schema, Parquet, query, importers.
