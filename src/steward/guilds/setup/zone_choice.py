"""The time zone in the panel of `/setup`: what it is, a menu of places, and a modal for any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from steward.client.components import option, select, text_input
from steward.client.embeds import Message
from steward.client.panels.form import ModalForm
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.zones.place_option import chosen_place
from steward.text.place_names import PROMINENT
from steward.text.places import Place, is_place, place_of

OTHER = "other"
MAX_OPTIONS = 25
GUESS = "That's a guess from your language: change it if it's wrong."
NOBODY = "Nobody has chosen one yet: choose yours below."


def zone_said(draft: SectionDraft[Any], now: datetime) -> str:
    """Say the zone with the time there, and how it came to be."""
    settings = draft.settings
    said = f"{settings.zone}, {now.astimezone(settings.zone_info):%H:%M} now."
    if not settings.zone_chosen:
        return f"{said} {NOBODY}"
    return f"{said} {GUESS}" if draft.guessed else said


def zone_select(
    custom_id: str, draft: SectionDraft[Any], now: datetime, offered: Sequence[tuple[str, str]] = ()
) -> Message:
    """
    Offer places: the chosen one, and those that a text may mean, or else those of most people.

    Args:
        offered: what a text may mean that somebody has typed: what it is called, and its zone.

    """
    chosen = draft.settings.zone if draft.settings.zone_chosen else None
    zones = [zone for _, zone in offered] or list(PROMINENT)
    if chosen is not None and chosen not in zones:
        zones.insert(0, chosen)
    labels = {zone: label for label, zone in offered}
    options = [
        option(labels.get(zone) or _place(zone).label(now), zone, chosen=zone == chosen and not offered)
        for zone in zones[: MAX_OPTIONS - 1]
    ]
    options.append(option("Another place …", OTHER))
    return select(custom_id, options, placeholder="Which of these places?" if offered else "Time zone")


def zone_form(now: datetime) -> ModalForm:
    """Ask for any place."""
    place = text_input("A city or a country near you", "place", placeholder="Berlin, New York, Japan", most=64)
    return ModalForm("Time zone", (place, lambda text: chosen_place(text, now, option="place").zone))


def _place(zone: str) -> Place:
    return place_of(zone) if is_place(zone) else Place(zone, zone)
