"""The systemd unit."""

from configparser import ConfigParser
from pathlib import Path

from steward.errors import ExitCode

UNIT = Path(__file__).parents[1] / "deploy" / "steward.service"


def test_f70_systemd_restarts_it_forever_unless_a_person_is_needed():
    unit = ConfigParser(strict=False, interpolation=None)
    unit.read(UNIT)
    service = unit["Service"]
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"  # systemd's own limit is five starts in ten seconds
    assert (service["Restart"], service["RestartPreventExitStatus"]) == (
        "on-failure",
        str(int(ExitCode.NEEDS_OPERATOR)),
    )
    assert 0 < int(service["RestartSec"]) < int(service["RestartMaxDelaySec"]) <= 300
