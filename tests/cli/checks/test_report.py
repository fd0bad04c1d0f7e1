from __future__ import annotations

import io
import json

from steward.cli.checks.finding import fail, failed, ok, skipped, warn
from steward.cli.checks.report import print_report

ALL = [ok("a", "Fine."), warn("b", "Odd [bold].", "Look."), fail("c", "Broken.", "Mend."), skipped("d", "Unseen.")]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(findings, stream=None, *, as_json=False):
    stream = stream or io.StringIO()
    print_report(findings, stream, as_json=as_json)
    return stream.getvalue()


def test_a_pipe_gets_plain_lines_with_remedies():
    assert printed(ALL).splitlines() == [
        "OK      a: Fine.",
        "WARN    b: Odd [bold].",
        "        -> Look.",
        "FAIL    c: Broken.",
        "        -> Mend.",
        "SKIPPED d: Unseen.",
        "1 to fix, 1 to keep an eye on.",
    ]


def test_a_terminal_gets_a_table():
    text = printed(ALL, Terminal())
    for expected in ("Finding", "Odd [bold].", "Mend."):
        assert expected in text


def test_a_script_gets_json():
    document = json.loads(printed(ALL, as_json=True))
    assert document["ok"] is False
    assert document["findings"][1] == {"label": "b", "status": "warn", "finding": "Odd [bold].", "remedy": "Look."}


def test_only_failures_fail():
    assert failed(ALL)
    assert not failed([ALL[0], ALL[1], ALL[3]])


def test_the_verdict_counts_failures_and_warnings():
    assert printed([ALL[0]]).endswith("Ready to run.\n")
    assert printed([ALL[1]]).endswith("Ready to run; 1 to keep an eye on.\n")
    assert printed([ALL[3]]).endswith("not everything was checked.\n")
