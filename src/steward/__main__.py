"""`python -m steward` is the command `steward`."""

from __future__ import annotations

import sys

from steward.cli.main import main

sys.exit(main())
