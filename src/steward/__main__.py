"""Runs the command `steward` as `python -m steward`."""

from __future__ import annotations

import sys

from steward.cli.main import main

sys.exit(main())
