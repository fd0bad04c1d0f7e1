"""
The runtime: what any bot stands on, knowing nothing of bots, of the store, of discord.py.

structlog imports rich for its development console wherever rich is installed: 4.5 MB that the running bot never uses.
It is kept from seeing it, once, here, before anything else can import structlog.
"""

import sys

if "structlog" not in sys.modules and "rich" not in sys.modules:
    sys.modules["rich"] = None  # type: ignore[assignment] # an import of it fails as if it were not installed
    import structlog  # noqa: F401 - imported for its effect

    del sys.modules["rich"]
