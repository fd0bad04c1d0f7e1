"""The URL of a database server."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from steward.errors import NeedsOperator
from steward.settings.secret import Secret

ENGINES = {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}
"""The schemes of server URLs, and the engine of each."""

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
    The address and the credentials of a database.

    Args:
        engine: `postgresql` or `mysql`.
        host: name or IP address; for PostgreSQL with `socket`, the folder of the socket.
        port: 1 to 65535.
        password: may be empty.
        tls: `disable`, `require` (encrypted, but no certificate is checked) or `verify-full`; None leaves it to the
            driver: PostgreSQL encrypts if the server can, MySQL does not.
        root_certificate: a file of trusted authorities; None for those of the system.
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
        """For display, without user and password."""
        place = self.socket or f"{self.host}:{self.port}"
        return f"{self.engine}://{place}/{self.database}"


def server_address(url: str) -> Address | None:
    """
    Parse a URL such as `postgresql://user:password@host:5432/database?sslmode=require`.

    `postgres:`, `mysql:` and `mariadb:` are accepted too, and a driver's name (`postgresql+asyncpg:`) is ignored.

    Returns:
        None if the URL names no database server.

    Raises:
        NeedsOperator: the URL of a server is malformed; the message repeats no password.

    """
    engine = ENGINES.get(url.partition(":")[0].partition("+")[0].strip().lower())
    if engine is None:
        return None
    example = f"Write it like {_EXAMPLES[engine]}; percent-encode special characters in the password (@ as %40)."
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:  # its message may hold the password
        raise NeedsOperator("The database URL cannot be parsed: check its port and options.", remedy=example) from None
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


def tls_context(address: Address) -> ssl.SSLContext:
    """
    Return the TLS context for `sslmode` `require` or `verify-full`.

    Raises:
        NeedsOperator: the certificate file cannot be read.

    """
    try:
        context = ssl.create_default_context(cafile=address.root_certificate)
    except (OSError, ssl.SSLError) as error:
        raise NeedsOperator(
            f"The certificates in {address.root_certificate} cannot be read ({error}).",
            remedy="Name a PEM file that Steward's user can read as sslrootcert in the database URL.",
        ) from error
    if address.tls != "verify-full":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
