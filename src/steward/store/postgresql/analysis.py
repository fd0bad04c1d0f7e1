"""What PostgreSQL's statistics know about its tables."""

from __future__ import annotations

from collections.abc import Iterator

from steward.store.server.session import DatabaseSession
from steward.store.weakness import ROWS_WORTH_STATISTICS, TABLES_LISTED, Weakness

DEAD_SHARE, DEAD_ROWS = 0.2, 10_000
DAY = 86_400


def indexes(session: DatabaseSession) -> set[str]:
    sql = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    return {row[0] for row in session.execute(sql).fetchall()}


def rows_by_table(session: DatabaseSession) -> dict[str, int]:
    """Return the server's estimate of the rows in each table."""
    sql = "SELECT relname, n_live_tup FROM pg_stat_user_tables WHERE schemaname = current_schema()"
    return {row[0]: row[1] for row in session.execute(sql).fetchall()}


def weaknesses(session: DatabaseSession) -> Iterator[Weakness]:
    """Yield what could be better about tables, and the largest tables with their growth."""
    observed = session.execute(
        "SELECT CAST(EXTRACT(EPOCH FROM now() - stats_reset) AS BIGINT) FROM pg_stat_database"
        " WHERE datname = current_database()"
    ).fetchone()[0]
    tables = session.execute(
        "SELECT relname, pg_total_relation_size(relid) AS bytes, n_live_tup, n_dead_tup, n_tup_ins - n_tup_del AS more,"
        " COALESCE(last_analyze, last_autoanalyze) IS NULL AS unknown"
        " FROM pg_stat_user_tables WHERE schemaname = current_schema() ORDER BY bytes DESC, relname"
    ).fetchall()
    for row in tables:
        name, live, dead = row["relname"], row["n_live_tup"], row["n_dead_tup"]
        if dead >= DEAD_ROWS and dead >= DEAD_SHARE * (live + dead):
            figure = f"{name}: {dead:,} deleted rows still take space, beside {live:,} live ones"
            wasted = row["bytes"] * dead / (live + dead)
            yield Weakness("Wasted space", figure, "Free it for new rows.", wasted, (f'VACUUM (ANALYZE) "{name}"',))
        elif row["unknown"] and live >= ROWS_WORTH_STATISTICS:
            figure = f"{name}: PostgreSQL has no statistics of its {live:,} rows"
            yield Weakness("Missing statistics", figure, "Gather them.", live, (f'ANALYZE "{name}"',))
    for row in tables[:TABLES_LISTED]:
        figure = f"{row['relname']}: {row['bytes'] / 1e6:.1f} MB, about {row['n_live_tup']:,} rows"
        if observed is not None and observed >= DAY:
            figure += f", {row['more'] * DAY / observed:+,.0f} a day"
        yield Weakness("Large table", figure, "", row["bytes"])
