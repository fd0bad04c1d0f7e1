"""Calendar files and feeds on the whole product, read with a library that had no part in writing them."""

import asyncio
import re
import socket
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import icalendar
import pytest

from tests.parts import events_of
from tests.scenarios.events.crowd import event, posted
from tests.scenarios.events.organisers import organiser
from tests.stage import download, stage, until

PUBLIC = "https://steward.example.org"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def served():
    return {"STEWARD_HEALTH_PORT": free_port(), "STEWARD_PUBLIC_URL": PUBLIC}


def link_in(reply):
    (found,) = re.findall(rf"{PUBLIC}(/calendar/[\w-]{{43}}\.ics)", reply.content)
    return found


async def visit(scene, path, *, method="GET", **headers):
    url = f"http://127.0.0.1:{scene.extra['STEWARD_HEALTH_PORT']}{path}"
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers) as answer:
        return answer.status, answer.headers, await answer.read()


async def entries(scene, path):
    status, _, body = await visit(scene, path)
    assert status == 200
    return icalendar.Calendar.from_ical(body).walk("VEVENT")


async def test_the_feed_shows_what_is_posted_moved_and_cancelled_and_what_the_rule_has_to_come(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        ada = scene.guild.join("ada")
        made = await event(
            scene, steward, hall, rule="FREQ=WEEKLY", place="The hall", description="Bring food; and drink"
        )
        post = await posted(hall)
        link = link_in(await ada.run("/events calendar"))
        found = await entries(scene, link)
        assert len(found) == 14  # three months
        assert {one["SUMMARY"] for one in found} == {"Raid night"}
        assert {one["LOCATION"] for one in found} == {"The hall"}
        assert {one["DESCRIPTION"] for one in found} == {"Bring food; and drink"}
        assert found[0]["URL"] == f"https://discord.com/channels/{scene.guild.id}/{hall.id}/{post.id}"
        assert [one.DTSTART - found[0].DTSTART for one in found] == [timedelta(weeks=week) for week in range(14)]
        assert len({one["UID"] for one in found}) == 14

        await events_of(steward).organising.move(made.id, made.original + timedelta(hours=1))
        await events_of(steward).organising.skip(made.event_id, made.original + timedelta(weeks=1))
        after = await entries(scene, link)
        assert {one["UID"] for one in after} == {one["UID"] for one in found}
        assert found[0].DTSTART + timedelta(hours=1) == after[0].DTSTART
        assert after[0]["SEQUENCE"] > found[0]["SEQUENCE"]
        assert [one["STATUS"] for one in after[:3]] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]

        await events_of(steward).organising.end(made.event_id)
        assert {one["STATUS"] for one in await entries(scene, link)} == {"CANCELLED"}


def numbers(found):
    return {str(one["UID"]): int(one["SEQUENCE"]) for one in found}


async def test_each_entry_that_an_edit_of_the_series_changed_has_a_higher_number(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=WEEKLY")
        await posted(hall)
        link = link_in(await scene.guild.join("ada").run("/events calendar"))
        before = numbers(await entries(scene, link))
        panel = await olga.run("/event edit", event=str(made.id), which="series")
        panel = await olga.submit(await olga.click(panel, "Change the text"), title="New title", length="3h")
        await olga.click(panel, "Save")
        found = await entries(scene, link)
        after = numbers(found)
        assert {str(one["SUMMARY"]) for one in found} == {"New title"}
        assert len(after) == len(before.keys() & after.keys()) == 14
        assert [uid for uid in after if after[uid] <= before[uid]] == []


async def test_a_time_that_was_moved_and_is_planned_anew_with_its_series_has_no_lower_number(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, rule="FREQ=WEEKLY", lead=60)
        link = link_in(await scene.guild.join("ada").run("/events calendar"))
        for title in ("Quiz", "Chat"):
            move = events_of(steward).organising.move
            await move(made.id, made.original + timedelta(hours=1))
            await move(made.id, made.original)
            before = numbers(await entries(scene, link))

            def change(series, title=title):
                return replace(series, details=replace(series.details, title=title))

            made = await events_of(steward).organising.replan(made.id, change, past_id=hash(title) & 0xFFFF, what="all")
            after = numbers(await entries(scene, link))
            assert [uid for uid in before.keys() & after.keys() if after[uid] <= before[uid]] == []


async def test_a_calendar_in_which_nothing_was_changed_is_the_same_bytes_whoever_answers_meanwhile(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        made = await event(scene, steward, hall, rule="FREQ=DAILY;COUNT=3")
        post = await posted(hall)
        link = link_in(await ada.run("/events calendar"))
        await asyncio.sleep(60)
        first = await visit(scene, link)
        await ada.click(post, "Yes")
        await asyncio.sleep(600)
        second = await visit(scene, link)
        assert (first[2], first[1]["ETag"]) == (second[2], second[1]["ETag"])
        changed_at = scene.clock.now().replace(microsecond=0)
        await events_of(steward).organising.skip(made.event_id, made.original + timedelta(days=1))
        after = {str(one["UID"]): one for one in await entries(scene, link)}
        stamps = [one["DTSTAMP"].dt >= changed_at for one in sorted(after.values(), key=lambda one: one.DTSTART)]
        assert stamps == [False, True, False]
        assert (await visit(scene, link))[1]["ETag"] != second[1]["ETag"]


async def test_an_entry_has_no_markdown_nor_has_the_thread_nor_the_name_of_discords_event(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        scene.guild.set_bot_permissions("administrator")
        await organiser(scene, steward)
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        told = {"title": "**Raid** <:onyxia:99> ||night||", "place": "[The hall](https://example.org/a_b) *left*"}
        words = "Ask <@123> in <#42>, doors <t:1795806000:F>\n> `bring` __food__"
        await event(
            scene, steward, hall, thread=True, native=True, description=words, fields=(("Boss", "~~A~~ B"),), **told
        )
        post = await posted(hall)
        (entry,) = await entries(scene, link_in(await ada.run("/events calendar")))
        assert entry["SUMMARY"] == "Raid :onyxia: night"
        assert entry["LOCATION"] == "The hall (https://example.org/a_b) left"
        assert entry["DESCRIPTION"] == (
            "Ask @member in #channel, doors Fri 27 Nov 2026, 19:00 (UTC)\nbring food\nBoss: A B"
        )
        await until(lambda: post.id in scene.guild.threads and len(scene.guild.scheduled_events) == 1)
        assert scene.guild.threads[post.id].name == "Raid :onyxia: night"
        (native,) = scene.guild.scheduled_events.values()
        assert (native.name, native.location) == ("Raid :onyxia: night", "The hall (https://example.org/a_b) left")
        await asyncio.sleep(60)
        assert native.description == words  # in which Discord reads markdown
        native.description = "Bring food"
        scene.guild.scheduled_events.changed(native)
        await until(lambda: post.embeds[0]["description"] == "Bring food")
        assert post.embeds[0]["title"] == told["title"]  # nor has its name been taken for somebody's wish


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
)
async def test_each_entry_is_at_the_wall_clock_time_of_its_zone_over_changes_of_the_clock(clock, tmp_path, zone):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        start = datetime(2026, 1, 20, 19)  # noqa: DTZ001 - wall time
        await event(scene, steward, hall, start=start, zone=ZoneInfo(zone), rule="FREQ=DAILY", minutes=90)
        found = await entries(scene, link_in(await scene.guild.join("ada").run("/events calendar")))
        local = [one.DTSTART.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for one in found]
        assert local == [start + timedelta(days=day) for day in range(len(local))]
        assert len(local) > 70  # past the changes in March
        assert {one.duration for one in found} == {timedelta(minutes=90)}


async def test_an_application_that_has_the_newest_is_told_so_and_head_has_no_body(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        await posted(hall)
        link = link_in(await scene.guild.join("ada").run("/events calendar"))
        status, headers, _ = await visit(scene, link)
        assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert headers["Cache-Control"] == "private, max-age=300"
        tag = headers["ETag"]
        assert (await visit(scene, link, **{"If-None-Match": tag}))[0::2] == (304, b"")
        assert (await visit(scene, link, **{"If-None-Match": f'"other", {tag}'}))[0] == 304
        assert (await visit(scene, link, method="HEAD"))[0::2] == (200, b"")
        assert (await visit(scene, link, method="POST"))[0] == 404
        await events_of(steward).organising.cancel(made.id)
        assert (await visit(scene, link, **{"If-None-Match": tag}))[0] == 200
        assert (await visit(scene, "/healthz"))[0] == 200


async def test_a_link_is_shown_once_and_ends_when_it_is_revoked(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        await event(scene, steward, hall)
        ada = scene.guild.join("ada")
        first = link_in(await ada.run("/events calendar"))
        again = await ada.run("/events calendar")
        assert "show it only once" in again.content
        assert PUBLIC not in again.content
        second = link_in(await ada.run("/events calendar", revoke="my link"))
        unknown = (404, b"There is no such calendar. /events calendar gives a link.\n")
        assert (await visit(scene, first))[0::2] == unknown
        assert (await visit(scene, "/calendar/" + "a" * 43 + ".ics"))[0::2] == unknown
        assert (await visit(scene, "/calendar/"))[0::2] == unknown
        assert (await visit(scene, second))[0] == 200
        assert "need Manage Events" in (await ada.run("/events calendar", revoke="everybody's links")).content
        assert "1 link ended." in (await olga.run("/events calendar", revoke="everybody's links")).content
        assert (await visit(scene, second))[0::2] == unknown


async def test_the_secret_of_a_link_is_kept_nowhere(clock, tmp_path):
    async with stage(clock, tmp_path, **served()) as scene:
        async with scene.steward() as steward:
            await organiser(scene, steward)
            hall = scene.guild.add_text_channel("hall")
            await event(scene, steward, hall)
            link = link_in(await scene.guild.join("ada").run("/events calendar"))
            await visit(scene, link)
        token = link.removeprefix("/calendar/").removesuffix(".ics").encode()
        assert [file for file in tmp_path.rglob("*") if file.is_file() and token in file.read_bytes()] == []


async def test_the_file_of_an_event_has_all_its_times_and_needs_no_server(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        hall = scene.guild.add_text_channel("hall")
        await event(scene, steward, hall, title="Quiz")
        await event(scene, steward, hall, rule="FREQ=WEEKLY;COUNT=3")
        await posted(hall, 2)
        ada = scene.guild.join("ada")
        reply = await ada.run("/events calendar", event="Raid night")
        (attachment,) = reply.message.attachments
        found = icalendar.Calendar.from_ical(await download(attachment["url"])).walk("VEVENT")
        assert [one["SUMMARY"] for one in found] == ["Raid night"] * 3
        reply = await ada.run("/events calendar")
        assert "STEWARD_PUBLIC_URL" in reply.content
        (attachment,) = reply.message.attachments
        assert len(icalendar.Calendar.from_ical(await download(attachment["url"])).walk("VEVENT")) == 4


async def test_who_comes_adds_that_time_to_the_own_calendar_by_a_click(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        hall, ada = scene.guild.add_text_channel("hall"), scene.guild.join("ada")
        made = await event(scene, steward, hall, rule="FREQ=DAILY", place="Under the oak")
        post = await posted(hall)
        assert (await ada.click(post, "No")).buttons == []
        answered = await ada.click(post, "Yes")
        file = await ada.click(answered, "Add to my calendar")
        assert file.ephemeral
        (attachment,) = file.message.attachments
        (entry,) = icalendar.Calendar.from_ical(await download(attachment["url"])).walk("VEVENT")
        assert (entry["DTSTART"].dt, str(entry["LOCATION"])) == (made.starts_at, "Under the oak")


async def test_a_calendar_without_events_is_said_to_be_empty(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await organiser(scene, steward)
        await until(lambda: steward.health.ready)
        assert "nothing to put" in (await scene.guild.join("ada").run("/events calendar")).content
