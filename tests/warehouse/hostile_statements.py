"""Statements with which somebody might try to reach what is not in the analyst's file: several hundred of them."""

from collections.abc import Iterator
from pathlib import Path

# Readers of files, by what they read.
READERS = [
    "read_csv('{}')", "read_csv_auto('{}')", "read_csv('{}', header = false, delim = '|', ignore_errors = true)",
    "read_csv(['{}'])", "read_text('{}')", "read_blob('{}')", "glob('{}')", "sniff_csv('{}')", "'{}'",
    "read_parquet('{}')", "read_parquet(['{}'], filename = true)", "parquet_scan('{}')", "parquet_metadata('{}')",
    "parquet_schema('{}')", "parquet_file_metadata('{}')", "parquet_kv_metadata('{}')", "read_json('{}')",
    "read_json_auto('{}')", "read_ndjson('{}')", "read_json_objects('{}')", "read_ndjson_objects('{}')",
    "read_duckdb('{}')", "sqlite_scan('{}', 'patients')", "query('from ''{}''')", "query_table('{}')",
    "query_table(['{}'])", "iceberg_scan('{}')", "delta_scan('{}')", "st_read('{}')", "read_xlsx('{}')",
    "arrow_scan_dumb('{}')", "read_avro('{}')",
]  # fmt: skip
WRAPPED = [
    "select * from {}", "from {}", "with stolen as (from {}) select * from stolen", "describe select * from {}",
    "summarize select * from {}", "explain analyze select * from {}", "select (select count(*) from {}) as n",
]  # fmt: skip
CHANGES = [
    "attach '{}' as stolen", "attach '{}' as stolen (read_only)", "attach '{}' (type sqlite)",
    "attach if not exists '{}'", "copy mart_a to '{}.copy'", "copy (select 1) to '{}.copy' (format parquet)",
    "copy mart_a from '{}'", "copy from database warehouse to '{}'", "import database '{}'",
    "export database '{}.export'", "create view stolen as from '{}'",
    "create temp table stolen as from read_csv('{}')",
    "create or replace temp macro stolen() as table from read_text('{}')", "insert into mart_a from '{}'",
    "load '{}'", "install '{}'", "set home_directory = '{}'", "set temp_directory = '{}'",
    "set secret_directory = '{}'", "set extension_directory = '{}'", "set log_query_path = '{}'",
    "set profiling_output = '{}'", "set file_search_path = '{}'", "set allowed_paths = ['{}']",
    "set allowed_directories = ['{}']", "pragma database_size; from '{}'", "pragma profile_output = '{}'",
    "call read_csv('{}')", "use '{}'",
]  # fmt: skip
RELATIONS = [
    "core.patients", "officer.core.patients", "warehouse.core.patients", "staging.stg_events", "core.sessions",
    "main.core.patients", "system.core.patients", "temp.core.patients", "secret_frame", "locked.mart_a",
    "information_schema.tables", "information_schema.columns", "information_schema.schemata", "sqlite_master",
    "pg_catalog.pg_tables", "pg_catalog.pg_class", "pg_catalog.pg_attribute", "pg_catalog.pg_settings",
    "duckdb_tables()", "duckdb_columns()", "duckdb_views()", "duckdb_schemas()", "duckdb_databases()",
    "duckdb_settings()", "duckdb_secrets()", "which_secret('s3://bucket/key', 's3')", "duckdb_extensions()",
    "duckdb_functions()", "duckdb_temporary_files()", "duckdb_memory()", "duckdb_dependencies()", "duckdb_indexes()",
    "duckdb_constraints()", "duckdb_sequences()", "duckdb_types()", "duckdb_keywords()", "duckdb_optimizers()",
    "duckdb_logs()", "duckdb_log_contexts()", "duckdb_external_file_cache()", "duckdb_variables()",
    "duckdb_prepared_statements()", "pragma_database_size()", "pragma_storage_info('mart_a')",
    "pragma_table_info('mart_a')", "pragma_metadata_info()", "pragma_show('mart_a')", "pragma_platform()",
    "pragma_user_agent()", "seq_scan('core', 'patients')", "test_all_types()", "repeat_row(1, num_rows = 2)",
    "python_scan_all_frames", "json_execute_serialized_sql(json_serialize_sql('from core.patients'))",
    "from_substrait('x')", "postgres_scan('', 'core', 'patients')", "mysql_scan('', 'core', 'patients')",
]  # fmt: skip
ALONE = [
    "select getenv('MERIDIAN_SECRET')", "select getvariable('MERIDIAN_SECRET')",
    "select current_setting('secret_directory')", "set enable_external_access = true", "reset enable_external_access",
    "set lock_configuration = false", "reset lock_configuration", "set python_enable_replacements = true",
    "set python_scan_all_frames = true", "set autoload_known_extensions = true",
    "set autoinstall_known_extensions = true", "install httpfs", "load httpfs", "install sqlite", "load sqlite",
    "force install json from 'http://127.0.0.1:9'", "update extensions", "from 'http://127.0.0.1:9/a.csv'",
    "from 's3://bucket/a.parquet'", "create secret s (type s3, key_id 'a', secret 'b')",
    "create persistent secret s (type s3)", "drop secret s", "pragma enable_profiling", "pragma enable_logging",
    "call enable_logging()", "call enable_logging(storage = 'file')", "pragma database_list", "pragma show_tables",
    "pragma show_databases", "pragma version", "pragma functions", "show all tables", "show databases",
    "show tables from core", "checkpoint", "force checkpoint", "vacuum", "vacuum analyze", "begin",
    "detach warehouse", "use core", "use system", "prepare stolen as from core.patients", "execute stolen",
    "deallocate stolen", "set variable stolen = 1", "create schema core", "create table core.patients (a int)",
    "alter table mart_a rename to b", "truncate mart_a", "comment on table mart_a is 'x'",
    "create type stolen as enum ('a')", "create sequence stolen", "set schema = 'core'", "set search_path = 'core'",
    "set catalog_error_max_schemas = 1000000", "set threads = 1", "set memory_limit = '1GB'",
    "select * from mart_a join core.patients on true", "select (select patient_id from core.patients)",
    "from mart_a union all from core.patients", "describe core.patients", "summarize core.patients",
    "show core.patients", "select write_log('x')", "select pg_read_file('/etc/hostname')",
    "select load_extension('x')", "select readfile('x')",
    "select * from mart_a where n in (select patient_id from staging.stg_events)",
    "pivot core.patients on patient_id", "select content from read_text('/proc/self/environ')",
    "from read_blob('/proc/self/cmdline')", "from glob('/proc/self/*')",
]  # fmt: skip


def reading(targets: list[Path]) -> Iterator[str]:
    """Statements that would read a file."""
    for place, target in enumerate(targets):
        for number, reader in enumerate(READERS):
            yield WRAPPED[(place + number) % len(WRAPPED)].format(reader.format(target))


def changing(targets: list[Path]) -> Iterator[str]:
    """Statements that would attach, write, load or allow something."""
    yield from (change.format(target) for target in targets for change in CHANGES)


def looking_around() -> Iterator[str]:
    """Statements about what the engine itself knows."""
    yield from (f"select * from {relation}" for relation in RELATIONS)
    yield from (f"select count(*) as n from (from {relation})" for relation in RELATIONS)
    yield from ALONE
