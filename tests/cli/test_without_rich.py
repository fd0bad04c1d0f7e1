from __future__ import annotations

import subprocess
import sys


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


LOAD = "import sys\nfrom steward.cli.without_rich import load_structlog_without_rich\nload_structlog_without_rich()\n"


def test_structlog_is_loaded_and_rich_is_not():
    assert run(LOAD + "print('structlog' in sys.modules, 'rich' in sys.modules)") == "True False"


def test_rich_can_be_imported_later():
    assert run(LOAD + "import rich.table\nprint(rich.table.Table.__name__)") == "Table"


def test_nothing_happens_when_rich_is_there_already():
    assert run("import rich\n" + LOAD + "print(sys.modules['rich'] is rich)") == "True"
