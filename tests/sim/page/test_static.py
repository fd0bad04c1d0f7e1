"""
The files that the browser loads: each folder is known to the map of the house, each import names a file, and what the
first view needs stays small.
"""

import gzip
import re
from pathlib import Path

import pytest

from steward.runtime.static_files import shortened
from steward.sim.page import server
from steward.sim.page.server import PAGE_FILES

ROOT = Path(__file__).parents[3]
STATIC = Path(server.__file__).parent / "static"
ROOMS = sorted(path.name for path in STATIC.iterdir() if path.is_dir())
MODULES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
MOST_SIBLINGS = 15
IMPORTS = re.compile(r'(?:from |import |import\()"(\.[^"]+)"')


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_known_to_the_map_and_not_crowded(room):
    assert f"`{room}`" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert len(list((STATIC / room).iterdir())) <= MOST_SIBLINGS


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_files_that_are_there(module):
    path = STATIC / module
    for wanted in IMPORTS.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / wanted).is_file()


def test_every_module_is_reached_from_the_page():
    reached, ahead = set(), [STATIC / "app.js"]
    while ahead:
        path = ahead.pop().resolve()
        if path not in reached:
            reached.add(path)
            found = IMPORTS.findall(path.read_text(encoding="utf-8"))
            ahead.extend(path.parent / wanted for wanted in found)
    assert reached == {(STATIC / module).resolve() for module in MODULES}


def test_what_is_loaded_before_the_page_can_be_used_is_less_than_60_kb_as_one_gzip():
    assert (
        len(gzip.compress(b"".join(PAGE_FILES.files[path].content for path in PAGE_FILES.loaded_first), mtime=0))
        < 60_000
    )


def test_the_first_view_needs_neither_dialogs_nor_the_log():
    assert "/chat/window.js" in PAGE_FILES.loaded_first
    assert "/style/chat.css" in PAGE_FILES.loaded_first
    assert not {"/log/log.js", "/shell/dialogs.js", "/components/modal.js", "/style/later.css"} & {
        *PAGE_FILES.loaded_first
    }
    assert PAGE_FILES.module_preloads.count("rel=modulepreload") == sum(
        path.endswith(".js") for path in PAGE_FILES.loaded_first
    )


def test_a_served_file_has_neither_comments_nor_indentation_and_keeps_its_texts_and_the_numbers_of_its_lines():
    served = shortened(b"""/** What
 *  this is. */
const one = "/* no comment */, // nor this";
  // goes
const time = 60; // seconds
const two = html`
  <a href="https://example.com">
    at https://example.com // a text</a>
`; /* stays */
""")
    assert served.decode().split("\n") == [
        "",
        "",
        'const one = "/* no comment */, // nor this";',
        "",
        "const time = 60;",
        "const two = html`",
        '<a href="https://example.com">',
        "at https://example.com // a text</a>",
        "`; /* stays */",
        "",
    ]
