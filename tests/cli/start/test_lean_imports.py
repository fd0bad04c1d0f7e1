from __future__ import annotations

import subprocess
import sys


def run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


LOAD = (
    "import sys\n"
    "from steward.cli.start.lean_imports import KEPT_OUT, lean_imports\n"
    "with lean_imports(): import structlog, steward.app\n"
)


def test_the_bot_is_loaded_without_what_it_does_not_use():
    assert run(LOAD + "print([name for name in KEPT_OUT if name in sys.modules])") == "[]"


def test_the_library_of_c_plus_plus_is_not_mapped():
    if sys.platform == "linux":
        assert run(LOAD + "print('libstdc++' in open('/proc/self/maps').read())") == "False"


def test_the_gateway_is_asked_for_zlib_which_every_python_reads():
    assert run(LOAD + "import discord\nprint(discord.utils._ActiveDecompressionContext.COMPRESSION_TYPE)") == (
        "zlib-stream"
    )


def test_blocked_modules_can_be_imported_later():
    assert run(LOAD + "import rich.table, zstandard\nprint(rich.table.Table.__name__)") == "Table"


def test_loaded_modules_stay_loaded():
    assert run("import rich\n" + LOAD + "print(sys.modules['rich'] is rich)") == "True"


def test_database_commands_load_no_bot():
    script = "import sys, steward.cli.commands.db, steward.cli.commands.import_, steward.cli.commands.optimize\n"
    assert run(script + "print([name for name in ('discord', 'steward.app') if name in sys.modules])") == "[]"


def test_a_librarys_functions_forget_their_annotations_and_commands_keep_theirs():
    script = """
from steward.cli.start.lean_imports import forget_annotations
from discord import app_commands
async def before(interaction: discord.Interaction, days: int): pass
forget_annotations()
async def after(interaction: discord.Interaction, member: discord.Member): pass
made = [app_commands.Command(name="x", description="x", callback=one) for one in (before, after)]
print(discord.Client.run.__annotations__, [command.parameters[0].type.name for command in made])
"""
    assert run(LOAD + "import discord\n" + script) == "{} ['integer', 'user']"
