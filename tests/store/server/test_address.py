from __future__ import annotations

import pytest

from steward.errors import NeedsOperator
from steward.store.server.address import server_address


def test_a_url_has_user_server_and_database():
    address = server_address("postgresql+asyncpg://me:p%40ss@db.example:6432/bot?sslmode=require")
    assert (address.engine, address.host, address.port, address.user) == ("postgresql", "db.example", 6432, "me")
    assert (address.password.reveal(), address.database, address.tls) == ("p@ss", "bot", "require")
    assert address.location == "postgresql://db.example:6432/bot"


@pytest.mark.parametrize(
    ("url", "engine", "port", "user"),
    [
        ("postgres://h/d", "postgresql", 5432, "postgres"),
        ("mysql://h/d", "mysql", 3306, "root"),
        ("MariaDB://h/d", "mysql", 3306, "root"),
    ],
)
def test_missing_parts_have_the_servers_defaults(url, engine, port, user):
    address = server_address(url)
    assert (address.engine, address.port, address.user) == (engine, port, user)


@pytest.mark.parametrize("url", ["data/a.db", "sqlite:///a.db", "C:\\a.db", "mongodb://h/d", ""])
def test_other_urls_name_no_server(url):
    assert server_address(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql:me:hunter2@h/d", "no // after"),
        ("postgresql://me:hunter2@h", "names no database"),
        ("mysql://me:hunter2@h/my bot", "not made of letters"),
        ("mysql://me:hunter2@h:port/d", "port"),
        ("mysql://me:hunter2@[h/d", "cannot be parsed"),
        ("postgresql://me:hunter2@h/d?sslmode=maybe", "sslmode"),
        ("postgresql://me:hunter2@h/d?ssl=1", "'ssl'; known are sslmode"),
        ("postgresql://me:hunter2@h/d#x", "#"),
    ],
)
def test_a_bad_url_is_reported_without_its_password(url, why):
    with pytest.raises(NeedsOperator, match=why) as refused:
        server_address(url)
    assert "hunter2" not in str(refused.value)
    assert "postgresql://steward:password@" in str(refused.value) or "mysql://steward:password@" in str(refused.value)
