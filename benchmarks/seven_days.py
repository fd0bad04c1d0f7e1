"""Seven days of a community for both bots: requests, rate limits, counter errors and events stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.figures import Who
from benchmarks.processes import ROOT, output_of
from benchmarks.run import Run
from steward.cli.demo.life import shared_days

LIMIT = 3000.0
DAYS = 7
QUICK_DAYS = 1
A_WEEK_WITHIN = 900.0  # seconds
REST_TARGET = 0.5  # of the plain bot's requests
ERROR_TARGET = 1.2  # times the least possible without knowing the future
BOTS: tuple[Who, ...] = ("steward", "plain")


async def measure(run: Run) -> None:
    """Let each bot run through the invented days, and through real ones if there are any."""
    days = QUICK_DAYS if run.quick else DAYS
    await _live(run, "invented", "invented", days)
    real = (Path.cwd() / shared_days()).resolve()
    if real.is_dir():
        await _live(run, "real", str(real), days)
    else:
        run.skipped.append(
            f"seven_days.real was not measured: no real traffic in {real}; STEWARD_SHARED names its folder."
        )


async def _live(run: Run, name: str, traffic: str, days: int) -> None:
    for who in BOTS:
        run.progress(f"{who} bot, {days} days, {name} traffic")
        words = ("-m", "benchmarks.week", who, traffic, str(days))
        text, _ = await output_of(*words, folder=ROOT, within=A_WEEK_WITHIN)
        _report(run, f"seven_days.{name}", who, json.loads(text.splitlines()[-1]), days)
    run.ratio(f"seven_days.{name}.rest_calls_a_day", "plain", target=REST_TARGET)
    for counter in ("members", "online", "bans"):
        error = f"seven_days.{name}.error.{counter}"
        run.ratio(error, "floor")
        ours, causal = run.value(error), run.value(f"{error}.causal")
        if ours is not None and causal:
            run.found(f"{error}.of_causal", ours / causal, "", target=ERROR_TARGET)


def _report(run: Run, name: str, who: Who, week: dict[str, Any], days: int) -> None:
    calls, refused = week["rest"], week["refused"]
    run.found(f"{name}.rest_calls_a_day", sum(calls.values()) / days, "", better="lower", who=who)
    for route, count in calls.items():
        if count >= days:  # requests of the start say nothing about a day
            run.found(f"{name}.rest_calls_a_day.{route}", count / days, "", who=who)
    run.found(f"{name}.http_429_a_day", sum(refused.values()) / days, "", better="lower", target=0, who=who)
    for route, count in refused.items():
        run.found(f"{name}.http_429_a_day.{route}", count / days, "", better="lower", who=who)
    for counter, error in week["error"].items():
        run.found(f"{name}.error.{counter}", error, "", better="lower", who=who)
        if who == "steward":
            run.found(f"{name}.error.{counter}", week["least"][counter], "", who="floor")
            run.found(f"{name}.error.{counter}.causal", week["causal"][counter], "")
    sent, recorded = week["sent"], week["recorded"]
    run.found(f"{name}.events_sent", sum(sent.values()), "", who=who)
    lost = sum(abs(sent[kind] - recorded[kind]) for kind in sent)
    run.found(f"{name}.events_not_recorded", lost, "", better="lower", target=0, who=who)
    run.found(f"{name}.reports", week["reports"], "", better="higher", target=days, who=who)
