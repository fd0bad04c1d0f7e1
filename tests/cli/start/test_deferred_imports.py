"""Modules that the bot hardly ever uses are loaded on first use, each fact in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOAD = """
import importlib, sys, types
from steward.cli.start.deferred_imports import DEFERRED, deferred_imports
from steward.cli.start.lean_imports import lean_imports
with lean_imports():
    import structlog, steward.process
"""


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_bot_is_loaded_without_any_of_them():
    assert run(LOAD + "print([name for name in DEFERRED if name in sys.modules])") == "[]"


def test_each_is_imported_by_the_bot_else():
    script = "from steward.cli.start.deferred_imports import DEFERRED\nimport sys, structlog, steward.process\n"
    expected = ["typing_extensions"] if sys.version_info >= (3, 13) else []
    assert run(script + "print([name for name in DEFERRED if name not in sys.modules])") == str(expected)


def test_later_imports_get_the_module_itself():
    check = """
from importlib.util import find_spec
print({type(importlib.import_module(name)) for name in DEFERRED if find_spec(name)} == {types.ModuleType})
"""
    assert run(LOAD + check) == "True"


@pytest.mark.parametrize(
    ("uses", "loaded", "expected"),
    [
        ("aiohttp.helpers.parse_content_type('text/html; charset=utf-8')[0]", "email.policy", "text/html"),
        ("'http' in aiohttp.helpers.getproxies()", "urllib.request", "True"),
        ("yarl.URL('http://faß.example').raw_host", "idna", "xn--fa-hia.example"),
        ("attr.validators.in_((1,)).options", "attr.validators", "(1,)"),
        ("type(aiohttp.ClientWebSocketResponse.__parameters__[0]).__name__", "aiohttp", "TypeVar"),
    ],
)
def test_a_librarys_use_of_one_loads_it(uses, loaded, expected):
    script = f"import aiohttp, attr, os, yarl\nos.environ['http_proxy'] = 'http://one.example'\nprint({uses})\n"
    assert run(LOAD + script + f"print({loaded!r} in sys.modules)").split() == [expected, "True"]


def test_what_is_imported_from_one_can_be_called_extended_and_compared():
    """As libraries may do while they are imported themselves."""
    script = """
with deferred_imports():
    from tempfile import SpooledTemporaryFile, gettempdir
    before = sys.modules["tempfile"]
    class Own(SpooledTemporaryFile): pass
    import tempfile
    print(type(before) is types.ModuleType, type(tempfile) is types.ModuleType)
    print(issubclass(Own, tempfile.SpooledTemporaryFile))
print(gettempdir() == sys.modules["tempfile"].gettempdir(), isinstance(Own(), SpooledTemporaryFile))
"""
    assert run(LOAD + script).split() == ["False", "True", "True", "True", "True"]


def test_loaded_modules_stay_loaded():
    script = "import locale\n" + LOAD + "import subprocess\nprint(subprocess.locale is locale)"
    assert run(script) == "True"
