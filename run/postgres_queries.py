"""What PostgreSQL is asked: all SQL of the suite, reading only. Each carries MARK, so that it is not counted itself."""

from typing import Final, LiteralString

MARK: Final = "watched by the load suite"

SESSION: Final = "SET statement_timeout = '5s'; SET default_transaction_read_only = on; SET lock_timeout = '1s'"

ABOUT: Final = """
SELECT /* watched by the load suite */ current_database(), current_user::text,
       current_setting('server_version_num')::int,
       pg_has_role(current_user, 'pg_monitor', 'MEMBER') OR current_setting('is_superuser')::boolean,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       (SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
         WHERE e.extname = 'pg_stat_statements')
"""

SESSIONS: Final = """
SELECT /* watched by the load suite */
       coalesce(nullif(application_name, ''), usename::text, '?'), coalesce(host(client_addr), 'this machine'),
       datname = current_database(), count(*),
       count(*) FILTER (WHERE state <> 'idle' OR clock_timestamp() - state_change < interval '20 ms'),
       count(*) FILTER (WHERE wait_event_type = 'Lock')
  FROM pg_stat_activity
 WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
 GROUP BY 1, 2, 3
"""

WAITS: Final = """
SELECT /* watched by the load suite */ waiting.pid, waiting.query_id::text, left(waiting.query, 1000),
       holding.pid, left(holding.query, 1000), coalesce(holding.state, '')
  FROM pg_stat_activity waiting
 CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocker(pid)
  JOIN pg_stat_activity holding ON holding.pid = blocker.pid
 WHERE waiting.wait_event_type = 'Lock' AND waiting.datname = current_database()
"""
"""Asked only when somebody waits: it takes the lock manager's own locks for a moment."""

AT_WORK: Final = """
SELECT /* watched by the load suite */ query_id::text, coalesce(wait_event_type || ': ' || wait_event, ''), count(*)
  FROM pg_stat_activity
 WHERE state = 'active' AND query_id IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
 GROUP BY 1, 2
"""
"""Each statement that is at work, and what it waits for; nothing when it computes."""

COUNTERS: Final = """
SELECT /* watched by the load suite */ deadlocks, temp_files, temp_bytes
  FROM pg_stat_database WHERE datname = current_database()
"""

TABLES: Final = """
SELECT /* watched by the load suite */ t.relid, t.relname::text,
       CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint ELSE t.n_live_tup END, t.n_tup_ins - t.n_tup_del,
       t.seq_scan, t.seq_tup_read,
       ARRAY(SELECT a.attname::text FROM pg_index i
               JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
              WHERE i.indrelid = t.relid)
  FROM pg_stat_user_tables t JOIN pg_class c ON c.oid = t.relid
"""


def statements(schema: LiteralString) -> LiteralString:
    """The counters of all statements of this database, without their texts, which would be read from a file."""
    return f"""
SELECT /* watched by the load suite */ queryid::text, sum(calls)::bigint, sum(total_exec_time)::float8,
       sum(rows)::bigint, sum(shared_blks_hit)::bigint, sum(shared_blks_read)::bigint
  FROM {schema}.pg_stat_statements(false)
 WHERE queryid IS NOT NULL AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
 GROUP BY queryid
"""


def texts(schema: LiteralString) -> LiteralString:
    """Of the statements with these keys."""
    return f"""
SELECT /* watched by the load suite */ queryid::text, min(left(query, 2000))
  FROM {schema}.pg_stat_statements(true) WHERE queryid::text = ANY(%s) GROUP BY queryid
"""
