"""`/event add` and `remove`: organisers decide who comes."""

from tests.parts import events_of
from tests.scenarios.events.crowd import event, guests, listed, posted, said
from tests.scenarios.events.organisers import organiser
from tests.stage import stage, until


async def test_a_member_is_put_in_moved_and_taken_out(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        ada, post, id_ = scene.guild.join("ada"), await posted(hall), str(made.id)
        assert "✅ Yes" in (await olga.run("/event add", event=id_, member=ada)).content
        await until(lambda: listed(post, "Yes") == ["ada"])
        assert (await olga.autocomplete("/event add", event=id_, answer="la")).choices == ["🕒 Late"]
        await olga.run("/event add", event=id_, member=ada, answer="late")
        await until(lambda: listed(post, "Late") == ["ada"])
        assert "I took" in (await olga.run("/event remove", event=id_, member=ada)).content
        await until(lambda: listed(post, "Late") == [])
        assert "hadn't signed up" in (await olga.run("/event remove", event=id_, member=ada)).content


async def test_who_waits_moves_up_when_somebody_is_taken_out(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall, seats=1)
        post, (ada, bob) = await posted(hall), guests(scene, 2)
        await ada.click(post, "Yes")
        assert "on the waitlist, #1" in (await olga.run("/event add", event=str(made.id), member=bob)).content
        assert f"<@{bob.id}> moved up" in (await olga.run("/event remove", event=str(made.id), member=ada)).content
        await until(lambda: len(said(hall, "you're in!")) == 1)


async def test_what_cannot_be_put_in_is_refused(clock, tmp_path):
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga, hall = await organiser(scene, steward), scene.guild.add_text_channel("hall")
        made = await event(scene, steward, hall)
        await posted(hall)
        ada, gone, id_ = scene.guild.join("ada"), scene.guild.join("gone"), str(made.id)
        assert (
            "isn't one of that event's answers"
            in (await olga.run("/event add", event=id_, member=ada, answer="perhaps")).content
        )
        gone.leave()
        assert "isn't in this server" in (await olga.run("/event add", event=id_, member=gone.user)).content
        await events_of(steward).organising.cancel(made.id)
        assert "cancelled" in (await olga.run("/event add", event=id_, member=ada)).content
