"""The attacks, by name."""

from __future__ import annotations

from tests.chaos.attacks import clocks, gateway, machine, payloads, process, rest, servers, storage
from tests.chaos.attacks.attack import Attack

ATTACKS: dict[str, type[Attack]] = {
    attack.name: attack
    for room in (process, machine, storage, servers, gateway, payloads, rest, clocks)
    for attack in room.ATTACKS
}
