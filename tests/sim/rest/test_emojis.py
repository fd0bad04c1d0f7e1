"""The emoji of a guild."""

from __future__ import annotations

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest


async def test_custom_emoji_are_listed_and_react(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        chat, alice, fish = guild.add_text_channel("chat"), guild.join("alice"), guild.add_emoji("fish")
        (listed,) = await client.get(f"/guilds/{guild.id}/emojis")
        assert await client.get(f"/guilds/{guild.id}/emojis/{listed['id']}") == listed
        message = alice.say(chat, "hi")
        alice.react(message, fish)
        assert message.reactions[0].emoji == {"id": listed["id"], "name": "fish"}
        answered = await client.call("GET", f"/guilds/{guild.id}/emojis/5")
        assert (answered.status, answered.body["code"]) == (404, 10014)
