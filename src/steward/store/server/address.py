"""What the URL of a database server says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from steward.errors import NeedsOperator
from steward.settings.secret import Secret

ENGINES = {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
"""The schemes of server URLs, and the engine that each is for."""

PORTS = {"postgresql": 5432, "mysql": 3306}
TLS = ("disable", "require", "verify-full")
_OPTIONS = ("sslmode", "sslrootcert", "socket")
_DATABASE = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,62}")
_EXAMPLES = {
    "postgresql": "postgresql://steward:password@localhost/steward",
    "mysql": "mysql://steward:password@localhost/steward",
}


@dataclass(frozen=True, slots=True)
class Address:
    """
    Where a database is, and who asks.

    Args:
        engine: `postgresql` or `mysql`.
        host: name or IP address; for PostgreSQL with `socket`, the folder of the socket.
        port: 1 to 65535.
        user: who logs in.
        password: may be empty.
        tls: `disable`, `require` (encrypted, nobody's certificate checked) or `verify-full`; None leaves it to the
            driver: PostgreSQL encrypts where the server can, MySQL does not.
        root_certificate: a file of the authorities to trust; None for those of the system.
        socket: a Unix socket instead of host and port: PostgreSQL's folder, MySQL's file.

    """

    engine: str
    host: str
    port: int
    user: str
    password: Secret
    database: str
    tls: str | None = None
    root_certificate: str | None = None
    socket: str | None = None

    @property
    def location(self) -> str:
        """For people: without user and password."""
        place = self.socket or f"{self.host}:{self.port}"
        return f"{self.engine}://{place}/{self.database}"


def server_address(url: str) -> Address | None:
    """
    Read a URL such as `postgresql://user:password@host:5432/database?sslmode=require`.

    `postgres:`, `mysql:` and `mariadb:` are understood too, and a driver's name (`postgresql+asyncpg:`) is passed over.

    Returns:
        None where the URL names no database server.

    Raises:
        NeedsOperator: it names one, but not well; a password in it is not repeated.

    """
    engine = ENGINES.get(url.partition(":")[0].partition("+")[0].strip().lower())
    if engine is None:
        return None
    example = f"Write it like {_EXAMPLES[engine]}; percent-encode what is special in a password (@ as %40)."
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:  # its text may hold the password
        raise NeedsOperator("The database URL cannot be read: see its port and its options.", remedy=example) from None
    name = unquote(parts.path.removeprefix("/"))
    unknown = [option for option in options if option not in _OPTIONS]
    wrong = None
    if not url.partition(":")[2].startswith("//"):
        wrong = "has no // after its scheme"
    elif not name:
        wrong = "names no database"
    elif not _DATABASE.fullmatch(name):
        wrong = "has a database name that is not made of letters, digits and _"
    elif unknown:
        wrong = f"has the option {unknown[0]!r}; known are {', '.join(_OPTIONS)}"
    elif options.get("sslmode", TLS[0]) not in TLS:
        wrong = f"has an sslmode that is not one of {', '.join(TLS)}"
    elif parts.fragment:
        wrong = "has a # in it"
    if wrong is not None:
        raise NeedsOperator(f"The database URL {wrong}.", remedy=example)
    return Address(
        engine=engine,
        host=parts.hostname or "localhost",
        port=port or PORTS[engine],
        user=unquote(parts.username or "") or ("postgres" if engine == "postgresql" else "root"),
        password=Secret(unquote(parts.password or "")),
        database=name,
        tls=options.get("sslmode"),
        root_certificate=options.get("sslrootcert"),
        socket=options.get("socket"),
    )
