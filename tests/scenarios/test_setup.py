"""`/setup` on the whole product: chosen, tested, previewed, saved and taken back in Discord."""

import asyncio
from dataclasses import replace
from datetime import time

from steward.bots.stats.counters.counters import Counted, Counter
from steward.bots.stats.setup.guild_settings import MAX_COUNTERS, GuildSettings, ReportKind
from steward.store.outbox import outbox
from tests.parts import stats_of
from tests.stage import QUIET, admin, stage, until

REPORTS, HEARTBEAT, COUNTERS, ZONE = (f"stats:setup_{what}.1" for what in ("reports", "heartbeat", "counters", "zone"))


async def schedule(olga, panel, **fields):
    """Choose in the modal which reports are made and when; what is not named stays."""
    return await olga.submit(await olga.click(panel, "Report schedule"), **fields)


async def more(olga, panel, **fields):
    """Choose in the modal of what fewer servers need."""
    return await olga.submit(await olga.click(panel, "More"), **fields)


async def place(olga, panel, typed, menu=ZONE):
    """Type a time zone, as "Another place …" asks for it."""
    return await olga.submit(await olga.select(panel, "other", menu=menu), place=typed)


def part(panel, name):
    return next(field["value"] for field in panel.embeds[0]["fields"] if field["name"] == name)


async def newcomer(scene, steward, guild, name="olga"):
    """Return a member who may manage a server, once the bot's commands are there."""
    await admin(scene, steward)
    member = guild.join(name)
    member.give(guild.add_role("Admins", "manage_guild").id)
    return member


async def test_a_new_server_needs_one_press_for_the_usual_counters_and_reports_where_it_asks(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50, online=10, bans=2)
        news = seals.add_text_channel("news")
        olga = await newcomer(scene, steward, seals)
        panel = await olga.run("/setup", news)
        made = [f"{name}, in a new channel" for name in ("Members", "Online", "Bans")]
        assert part(panel, "Counters").splitlines() == made
        assert f"<#{news.id}>" in part(panel, "Reports")
        assert "Nobody has chosen one yet" in part(panel, "Time zone")
        assert not stats_of(steward).settings.is_set_up(seals.id)
        await olga.click(panel, "Save")
        own = stats_of(steward).settings.own(seals.id)
        assert [counter.counted for counter in own.counters] == [Counted.MEMBERS, Counted.ONLINE, Counted.BANS]
        assert (own.report_channel_id, own.zone_chosen) == (news.id, False)
        again = await olga.run("/setup", news)
        assert "in a new channel" not in part(again, "Counters")


async def test_a_first_zone_is_guessed_from_the_language_and_called_a_guess_until_it_is_chosen(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        olga.user.locale = "de"
        panel = await olga.run("/setup")
        assert part(panel, "Time zone").startswith("Europe/Berlin, 01:")
        assert "guess" in part(panel, "Time zone")
        panel = await olga.select(panel, "Europe/London", menu=ZONE)
        assert part(panel, "Time zone").startswith("Europe/London, 00:")
        assert "guess" not in part(panel, "Time zone")
        await olga.click(panel, "Save")
        own = stats_of(steward).settings.own(scene.guild.id)
        assert (own.zone, own.zone_chosen) == ("Europe/London", True)


async def test_the_operators_zone_is_chosen_once_somebody_saves_the_panel_that_shows_it(clock, tmp_path):
    async with stage(clock, tmp_path, STEWARD_TIMEZONE="Europe/Berlin") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.run("/setup")
        assert "Nobody has chosen one yet" in part(panel, "Time zone")
        await olga.click(panel, "Save")
        assert stats_of(steward).settings.own(scene.guild.id).zone_chosen
        assert "Nobody has chosen one" not in part(await olga.run("/setup"), "Time zone")


async def test_utc_that_was_chosen_is_chosen(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await olga.click(await place(olga, await olga.run("/setup"), "utc"), "Save")
        own = stats_of(steward).settings.own(scene.guild.id)
        assert (own.zone, own.zone_chosen) == ("UTC", True)


async def test_a_typed_zone_may_be_a_city_a_country_or_an_abbreviation(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await place(olga, await olga.run("/setup"), "munich")
        assert part(panel, "Time zone").startswith("Europe/Berlin")
        panel = await place(olga, panel, "IST")
        assert "“IST” can mean several places" in panel.embeds[0]["description"]
        panel = await olga.select(panel, "Europe/Dublin", menu=ZONE)
        assert part(panel, "Time zone").startswith("Europe/Dublin")
        panel = await place(olga, panel, "posixrules")
        assert "I don't know a place called “posixrules”" in panel.embeds[0]["description"]
        assert part(panel, "Time zone").startswith("Europe/Dublin")


async def test_all_that_the_panel_promises_is_tested_before_save_and_nothing_half_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50)
        news = seals.add_text_channel("news")
        olga = await newcomer(scene, steward, seals)
        panel = await olga.run("/setup", news)
        seals.everyone.permissions &= ~(1 << 14)  # EMBED_LINKS
        seals.set_bot_permissions("view_channel", "send_messages", "read_message_history", "attach_files")
        preview = await olga.click(panel, "Preview")
        told = next(field["value"] for field in preview.embeds[0]["fields"] if field["name"] == "Needs attention")
        for missing in ("Embed Links", "Manage Channels", "Ban Members"):
            assert missing in told
        panel = await olga.click(panel, "Save")
        assert panel.embeds[0]["description"].startswith("⚠️ Nothing is saved yet.")
        assert not stats_of(steward).settings.is_set_up(seals.id)
        seals.set_bot_permissions(
            *("view_channel", "send_messages", "embed_links", "read_message_history", "attach_files"),
            *("manage_channels", "connect"),
        )
        done = await olga.click(panel, "Save")
        assert done.content.startswith("Saved.")
        assert "The ban counter wouldn't work. I'm missing the permission Ban Members" in done.content


async def test_where_reports_cannot_be_posted_none_are_preselected_and_the_reason_is_said(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50)
        closed = seals.add_text_channel("closed")
        closed.deny(next(role for role in seals.roles.values() if role.bot_id is not None), "send_messages")
        olga = await newcomer(scene, steward, seals)
        panel = await olga.run("/setup", closed)
        assert part(panel, "Reports") == "none"
        assert "Send Messages" in panel.embeds[0]["description"]


async def test_what_fails_later_stands_in_the_panel_with_its_remedy(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        await until(lambda: bool(scene.heartbeat.messages))
        scene.heartbeat.deny(scene.guild.everyone, "view_channel")
        await asyncio.sleep(700)
        told = part(await olga.run("/setup"), "Needs attention")
        assert f"⚠️ I can't show the heartbeat in <#{scene.heartbeat.id}>: I'm missing a permission there." in told
        assert told.endswith("in the channel's settings > Permissions.")


async def test_a_report_that_was_given_up_stands_in_the_panel_with_its_remedy(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, where = await admin(scene, steward), scene.reports.id
        scene.reports.deny(scene.guild.everyone, "view_channel")
        await steward.store.write(lambda tx: outbox.put(tx, key="report:1", channel_id=where, payload={"content": "1"}))
        await asyncio.sleep(60)
        told = part(await olga.run("/setup"), "Needs attention")
        assert f"⚠️ Not sent: I can't post in <#{where}>: I'm missing a permission there. Give me " in told
        assert told.endswith("in the channel's settings > Permissions.")


async def test_a_server_is_set_up_in_discord_alone(clock, tmp_path):
    """From /setup to true counters, a heartbeat and a report at the guild's own midnight."""
    async with stage(clock, tmp_path, **QUIET) as scene, scene.steward() as steward:
        seals = scene.sim.add_guild("Seals", members=50, online=10, bans=2)
        news, pulse = seals.add_text_channel("news"), seals.add_text_channel("pulse")
        await admin(scene, steward)
        olga = seals.join("olga")
        olga.give(seals.add_role("Admins", "manage_guild").id)
        panel = await olga.run("/setup")
        assert panel.embeds[0]["title"] == "Statistics of Seals"
        panel = await olga.select(panel, news, menu=REPORTS)
        panel = await olga.select(panel, pulse, menu=HEARTBEAT)
        panel = await olga.select(panel, "members", "bans", menu=COUNTERS)
        panel = await schedule(olga, panel, reports=["daily"], report_time="00:00")
        panel = await olga.select(panel, "Asia/Tokyo", menu=ZONE)
        assert not stats_of(steward).settings.is_set_up(seals.id)
        preview = await olga.click(panel, "Preview")
        told, report = preview.embeds[:2]
        assert told["fields"][0]["value"].splitlines() == ["Members: 51", "Bans: 2"]
        assert f"daily, in <#{news.id}> at 00:00 (Asia/Tokyo)" in told["fields"][1]["value"]
        assert (report["title"], report["footer"]["text"]) == (
            "Daily report: Monday, 5 January 2026",
            "05 Jan 00:00 to 05 Jan 09:00 JST",
        )
        done = await olga.click(panel, "Save")
        assert done.content.startswith("Saved.")
        held = stats_of(steward).settings.of(seals.id)
        assert (held.report_channel_id, held.zone, held.reports) == (news.id, "Asia/Tokyo", {ReportKind.DAY})
        names = lambda: {channel.name for channel in seals.channels.values()}  # noqa: E731
        await until(lambda: {"Members: 51", "Bans: 2"} <= names(), within=700)
        await until(lambda: bool(pulse.messages), within=700)
        await until(lambda: bool(news.messages), within=86400, every=60)
        assert clock.now().hour == 15  # midnight in Tokyo


async def test_a_channel_the_bot_cannot_write_to_is_not_taken(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        await admin(scene, steward)
        seals = scene.sim.add_guild("Seals", members=50)
        olga, closed = seals.join("olga"), seals.add_text_channel("closed")
        olga.give(seals.add_role("Admins", "manage_guild").id)
        closed.deny(seals.everyone, "send_messages")
        panel = await olga.select(await olga.run("/setup"), closed, menu=REPORTS)
        assert "I'm missing" in panel.embeds[0]["description"]
        assert "Send Messages" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert stats_of(steward).settings.own(seals.id).report_channel_id is None


async def test_what_the_environment_sets_is_shown_and_not_changed_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, news = await admin(scene, steward), scene.guild.add_text_channel("news")
        panel = await olga.run("/setup")
        assert f"<#{scene.reports.id}>" in str(panel.embeds[0]["fields"])
        panel = await olga.select(panel, news, menu=REPORTS)
        assert "environment" in panel.embeds[0]["description"]


async def test_counting_members_one_by_one_is_switched_off(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await more(olga, await olga.run("/setup"), people="no")
        await olga.click(panel, "Save")
        scene.guild.join("ada").say(scene.set.general, "hello")
        await asyncio.sleep(60)
        assert "/setup" in (await olga.run("/stats top")).embeds[0]["description"]


async def test_a_wrong_time_of_day_is_said_and_only_the_kinds_of_report_are_taken(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await schedule(olga, await olga.run("/setup"), reports=["weekly"], report_time="in the evening")
        assert "Write it like `20:00` or `8pm`" in panel.embeds[0]["description"]
        assert "weekly, in" in str(panel.embeds[0]["fields"])
        await olga.click(panel, "Save")
        held = stats_of(steward).settings.own(scene.guild.id)
        assert (held.report_time, held.reports) == (time(0), {ReportKind.WEEK})


async def test_what_was_chosen_before_a_restart_is_still_there(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        async with scene.steward() as steward:
            olga = await admin(scene, steward)
            panel = await schedule(olga, await olga.run("/setup"), reports=["daily"])
        async with scene.steward() as steward:
            await until(lambda: steward.health.ready)
            await olga.click(panel, "Save")
            assert stats_of(steward).settings.own(scene.guild.id).reports == {ReportKind.DAY}


async def test_a_saved_change_is_taken_back(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await schedule(olga, await olga.run("/setup"), reports=["daily"])
        await olga.click(panel, "Save")
        panel = await olga.click(await olga.run("/setup"), "Undo the last change")
        assert "taken back" in panel.embeds[0]["description"]
        assert stats_of(steward).settings.own(scene.guild.id) == GuildSettings()


async def test_two_administrators_do_not_undo_each_others_counters(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, paul = await admin(scene, steward), await admin(scene, steward, "paul")
        panel = await olga.run("/setup")
        await paul.run("/counters add", kind="channels")
        await olga.click(panel, "Save")
        counted = {counter.counted for counter in stats_of(steward).settings.own(scene.guild.id).counters}
        assert counted == {Counted.CHANNELS}


async def test_what_cannot_be_made_is_said_and_nothing_is_saved(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "members", menu=COUNTERS)
        role = next(role for role in scene.guild.roles.values() if role.bot_id is not None)
        role.permissions &= ~(1 << 4)  # MANAGE_CHANNELS
        scene.guild.everyone.permissions &= ~(1 << 4)
        panel = await olga.click(panel, "Save")
        assert "Nothing is saved yet" in panel.embeds[0]["description"]
        assert "Manage Channels" in panel.embeds[0]["description"]
        assert not stats_of(steward).settings.own(scene.guild.id).counters


async def test_save_pressed_twice_makes_each_channel_once(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await olga.select(await olga.run("/setup"), "members", "bans", menu=COUNTERS)
        before = len(scene.guild.channels)
        await asyncio.gather(olga.click(panel, "Save"), olga.click(panel, "Save"))
        assert len(scene.guild.channels) - before == 2
        assert len(stats_of(steward).settings.own(scene.guild.id).counters) == 2


async def test_no_more_counters_are_made_than_a_server_may_have(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, guild_id = await admin(scene, steward), scene.guild.id
        room = MAX_COUNTERS - len(stats_of(steward).settings.of(guild_id).counters)
        many = tuple(Counter(number, Counted.MEMBERS) for number in range(1, room))
        await stats_of(steward).settings.change(guild_id, 1, lambda now: replace(now, counters=many))
        panel = await olga.select(await olga.run("/setup"), "members", "bans", menu=COUNTERS)
        before = len(scene.guild.channels)
        panel = await olga.click(panel, "Save")
        assert f"more than {MAX_COUNTERS} counters" in panel.embeds[0]["description"]
        await olga.click(await olga.select(panel, "bans", menu=COUNTERS), "Save")
        assert len(scene.guild.channels) - before == 1


async def test_save_leaves_what_another_administrator_has_changed_meanwhile(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, paul = await admin(scene, steward), await admin(scene, steward, "paul")
        panel = await schedule(olga, await olga.run("/setup"), reports=["daily"])
        await paul.run("/report schedule", time="09:00", timezone="Asia/Tokyo")
        await olga.click(panel, "Save")
        own = stats_of(steward).settings.own(scene.guild.id)
        assert (own.report_time, own.zone, own.reports) == (time(9), "Asia/Tokyo", {ReportKind.DAY})


async def test_who_may_no_longer_manage_the_server_saves_nothing(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await schedule(olga, await olga.run("/setup"), reports=["daily"])
        for role in list(olga.role_ids):
            olga.take(role)
        assert "You lack Manage Server" in (await olga.click(panel, "Save")).content
        assert stats_of(steward).settings.own(scene.guild.id) == GuildSettings()


async def test_the_size_of_a_role_chosen_in_the_panel_is_shown_beside_the_counters_chosen(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, crew = await admin(scene, steward), scene.guild.add_role("Crew")
        for number in range(4):
            scene.guild.join(f"sailor {number}").give(crew.id)
        panel = await olga.select(await olga.run("/setup"), "members", "boosts", menu=COUNTERS)
        panel = await more(olga, panel, roles=[crew])
        panel = await olga.select(panel, "boosts", menu=COUNTERS)
        shown = panel.embeds[0]["fields"][0]["value"]
        assert shown.splitlines()[-2:] == [f"Role <@&{crew.id}>, in a new channel", "Boosts, in a new channel"]
        await olga.click(panel, "Save")
        made = {counter.counted: counter for counter in stats_of(steward).settings.own(scene.guild.id).counters}
        assert made.keys() == {Counted.ROLE, Counted.BOOSTS}
        channel = scene.guild.channels[made[Counted.ROLE].channel_id]
        await until(lambda: channel.name == "Crew: 4", within=700)


async def test_everyone_is_no_role_to_count_in_the_panel(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await more(olga, await olga.run("/setup"), roles=[scene.guild.everyone])
        assert "@everyone" in panel.embeds[0]["description"]
        await olga.click(panel, "Save")
        assert not stats_of(steward).settings.own(scene.guild.id).counters


async def test_no_reports_may_be_chosen_and_what_is_left_alone_stays(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await schedule(olga, await olga.run("/setup"), reports=["weekly"])
        panel = await olga.select(panel, "Asia/Tokyo", menu=ZONE)
        panel = await schedule(olga, panel, report_time="09:00")
        assert "weekly, in" in str(panel.embeds[0]["fields"])
        assert "at 09:00 (Asia/Tokyo)" in str(panel.embeds[0]["fields"])
        await olga.click(await schedule(olga, panel, reports=[]), "Save")
        assert stats_of(steward).settings.own(scene.guild.id).reports == frozenset()


async def test_a_preview_without_reports_shows_none(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        panel = await schedule(olga, await olga.run("/setup"), reports=[])
        (told,) = (await olga.click(panel, "Preview")).embeds
        assert [field["value"] for field in told["fields"]][:2] == ["none", "none"]
