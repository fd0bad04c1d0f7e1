"""The dashboard in a browser: alone by keys, on a phone, in both themes, while the bot stops, with hostile words."""

import pytest

from steward.runtime.tasks import TaskState
from tests.sim.page.browser.window import PHONE, WIDE
from tests.web.dashboard.served import ServedDashboard

READY = "html[data-ready]"
PASSWORD = "correct horse battery"
AXE = """() => axe.run(document, {resultTypes: ["violations"]}).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`))"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = (
    "<img src=x onerror=alert(1)>", "</title><script>alert(1)</script>", "W" * 4000, "\u202eevil", "{{constructor}}",
    "Z\u0336\u0335" * 60, "\u0627\u0644\u0628\u0648\u062a",
)  # fmt: skip


def troubled(served):
    served.told.alert = "Memory: 91% of the bot's limit is in use."
    served.told.problems = ["Rename counters: keeps failing (Discord is away)."]
    served.told.tasks = [TaskState("rename counters", failures=4, last_error="Discord is away.", failing=True)]


async def test_an_hour_with_an_outage_is_shown_in_six_charts_with_tables(chromium, tmp_path):
    with ServedDashboard(tmp_path, past=55) as served:
        troubled(served)
        async with chromium.window(served.address, ready=READY) as window:
            await window.sees("Memory: 91% of the bot's limit is in use.")
            await window.sees("Rename counters: keeps failing")
            assert await window(lambda page: page.locator("figure canvas").count()) == 6
            await window(lambda page: page.locator("summary").first.click())
            assert await window(lambda page: page.locator("figure table").first.locator("tr").count()) > 10
            await window.sees("no data")
            await window.click("button", "7 days")
            await window.sees("Memory:")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing_and_nothing_is_wider_than_the_view(chromium, tmp_path, size, theme):
    axe = pytest.importorskip("axe_playwright_python.base", reason="run make browser to judge the page with axe")
    for password in ("", PASSWORD):
        folder = tmp_path / (password or "open")
        folder.mkdir()
        with ServedDashboard(folder, past=20, password=password) as served:
            troubled(served)
            async with chromium.window(served.address, ready=READY, size=size, color_scheme=theme) as window:
                if password:
                    window.complaints.clear()  # the browser reports the 401
                await window(lambda page: page.evaluate(axe.AXE_SCRIPT))
                assert await window(lambda page: page.evaluate(AXE)) == []
                assert await window(lambda page: page.evaluate(WIDER)) <= 0


async def test_whoever_reads_from_elsewhere_signs_in_by_keys_alone(chromium, tmp_path):
    with ServedDashboard(tmp_path, password=PASSWORD) as served:
        async with chromium.window(served.address, ready=READY) as window:
            await window.finds("#password")
            await window(lambda page: page.locator("#password").focus())
            await window.type("wrong")
            await window.press("Enter")
            await window.sees("That's not the password.")
            await window(lambda page: page.locator("#password").fill(""))
            await window.type(PASSWORD)
            await window.press("Enter")
            await window.sees("All well since")
            await window.click("button", "Sign out")
            await window.finds("#password")
            window.complaints.clear()  # the browser reports each 401 and 403


async def test_once_the_bot_stops_its_figures_turn_grey_and_say_of_when_they_are(chromium, tmp_path):
    with ServedDashboard(tmp_path, past=5) as served:
        async with chromium.window(served.address, ready=READY) as window:
            await window.sees("All well since")
            served.stop()
            await window.sees("The bot doesn't answer; last at")
            await window.finds("html.stale")
            window.complaints.clear()  # the browser reports each request that fails


async def test_while_the_database_is_away_the_charts_say_so_and_the_rest_lives(chromium, tmp_path):
    with ServedDashboard(tmp_path, past=5) as served:
        served.told.is_away = True
        async with chromium.window(served.address, ready=READY) as window:
            await window.sees("The database doesn't answer.")
            await window.sees("50 MiB")
            window.complaints.clear()  # the browser reports the 503


async def test_hostile_words_are_words(chromium, tmp_path):
    with ServedDashboard(tmp_path, past=5) as served:
        served.told.name = HOSTILE[0]
        served.told.problems = [*HOSTILE]
        served.told.tasks = [TaskState(text, failures=3, last_error=text, failing=True) for text in HOSTILE]
        async with chromium.window(served.address, ready=READY, size=PHONE) as window:
            await window.sees(HOSTILE[1])
            assert await window(lambda page: page.evaluate(WIDER)) <= 0
            assert await window(lambda page: page.locator("img").count()) == 0
