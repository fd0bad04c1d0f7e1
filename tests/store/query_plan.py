"""An engine's own query plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from steward.store.server.address import server_address
from steward.store.transaction import Params, Transaction
from tests.databases import administration


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """
    One query's plan.

    Attributes:
        index: the index that is read; empty if there is none.
        sorts: whether rows are sorted after reading.
        read: rows actually read; 0 on SQLite, which does not tell.
        text: the whole plan.

    """

    index: str
    sorts: bool
    read: int
    text: str


def analyze(url: str, table: str) -> None:
    """Have a server update its statistics, as it does by itself in time."""
    address = server_address(url)
    if address is not None:
        with administration(address.engine, address.database) as session:
            session.execute(f"ANALYZE {'TABLE ' if address.engine == 'mysql' else ''}{table}")


def query_plan(tx: Transaction, sql: str, params: Params) -> QueryPlan:
    """Return the plan of a SELECT on one table."""
    return {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}[tx.dialect.name](tx, sql, params)


def rows_handled(tx: Transaction, sql: str, params: Params) -> int:
    """Return how many rows a server reads, joins and drops for a SELECT: a bad plan handles some many times."""
    if tx.dialect.name == "mysql":
        before = _rows_read(tx)
        tx.all(sql, params)
        return _rows_read(tx) - before
    answer = tx.value(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
    nodes = _nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    return int(sum(node["Actual Loops"] * sum(node.get(kind, 0) for kind in kinds) for node in nodes))


def _sqlite(tx: Transaction, sql: str, params: Params) -> QueryPlan:
    steps = [str(row["detail"]) for row in tx.all(f"EXPLAIN QUERY PLAN {sql}", params)]
    words = " ".join(steps).split()
    index = words[words.index("INDEX") + 1] if "INDEX" in words else ""
    return QueryPlan(index, any("TEMP B-TREE" in step for step in steps), 0, "\n".join(steps))


def _postgresql(tx: Transaction, sql: str, params: Params) -> QueryPlan:
    answer = tx.value(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
    nodes = list(_nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]))
    index = next((node["Index Name"] for node in nodes if "Index Name" in node), "")
    read = max(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in nodes)
    return QueryPlan(index, any("Sort" in node["Node Type"] for node in nodes), int(read), str(answer))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _mysql(tx: Transaction, sql: str, params: Params) -> QueryPlan:
    (step,) = tx.all(f"EXPLAIN {sql}", params)
    before = _rows_read(tx)
    tx.all(sql, params)
    plan = str(dict(zip(step.keys(), step, strict=True)))
    return QueryPlan(step["key"] or "", "filesort" in (step["Extra"] or ""), _rows_read(tx) - before, plan)


def _rows_read(tx: Transaction) -> int:
    """Return what the session has read so far; the query itself does not count."""
    handler = tx.all("SHOW SESSION STATUS LIKE 'Handler_read%'")
    return sum(int(row[1]) for row in handler if row[0] not in {"Handler_read_rnd_next", "Handler_read_rnd_deleted"})
