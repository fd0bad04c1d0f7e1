"""The pizza bot of docs/test-your-own-bot.md, as its page shows it in the middle of a test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from steward.sim.page.picture import take_picture
from steward.sim.stepwise import SteppedSimulator

PAGE = Path(__file__).resolve().parents[2] / "docs" / "test-your-own-bot.md"


def draw(path: Path) -> None:
    """Write the picture: alice has ordered and added a note."""
    (code,) = re.findall(r"```python\n# pizza\.py\n(.*?)```", PAGE.read_text(), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own
    with SteppedSimulator(members=30) as sim:
        sim.guild.add_text_channel("chat")
        sim.start(names["PizzaBot"]())
        alice = sim.guild.join("alice")
        order = sim.run(alice.run("/pizza", kind="margherita"))
        sim.wait(20)
        sim.run(alice.submit(sim.run(alice.click(order, "Add a note")), wish="no olives"))
        if not sim.run(take_picture(sim.sim, path, width=1100, height=640)):
            raise SystemExit("There is no browser to take this picture in: make browser, and install Chromium.")
