"""An action that is not run raises a clear error when it is used."""

import asyncio

import discord
import pytest

from steward.sim.people.act import NotRun
from steward.sim.stepwise import SteppedSimulator


class Greeter(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.default())
        self.tree = discord.app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        @self.tree.command(description="Say hello")
        async def hello(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Hello!")

        await self.tree.sync()


@pytest.fixture
def alice(discord_sim):
    discord_sim.guild.add_text_channel("chat")
    discord_sim.start(Greeter())
    return discord_sim.guild.join("alice")


MISSING = r"alice\.run\('/hello'\) hasn't been run.*write discord_sim\.run\(alice\.run\('/hello'\)\)"


def test_using_the_result_of_an_action_not_run_raises_with_the_remedy(alice):
    with pytest.raises(NotRun, match=MISSING):
        assert alice.run("/hello").content == "Hello!"


def test_waiting_for_an_action_not_run_raises_with_the_remedy(discord_sim, alice):
    alice.run("/hello")
    with pytest.raises(NotRun, match=MISSING):
        discord_sim.wait_until(lambda: False)


def test_an_action_not_run_by_the_end_fails_the_test():
    with pytest.raises(NotRun, match="hasn't been run"), SteppedSimulator() as discord_sim:
        discord_sim.guild.add_text_channel("chat")
        discord_sim.start(Greeter())
        discord_sim.guild.join("alice").run("/hello")


def test_other_errors_of_the_test_are_not_hidden():
    with pytest.raises(ZeroDivisionError), SteppedSimulator() as discord_sim:
        discord_sim.guild.add_text_channel("chat")
        discord_sim.start(Greeter())
        discord_sim.guild.join("alice").run("/hello")
        raise ZeroDivisionError


def test_actions_run_alone_concurrently_and_as_tasks(discord_sim, alice):
    bob = discord_sim.guild.join("bob")

    async def both():
        task = asyncio.create_task(bob.run("/hello"))
        return [await alice.run("/hello"), await task, *await asyncio.gather(alice.run("/hello"), bob.run("/hello"))]

    assert discord_sim.run(alice.run("/hello")).content == "Hello!"
    assert [reply.content for reply in discord_sim.run(both())] == ["Hello!"] * 4
    discord_sim.wait(1)


def test_an_action_in_a_task_can_be_cancelled(discord_sim, alice):
    async def cancelled():
        task = asyncio.create_task(alice.run("/hello"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        return task.cancelled()

    assert discord_sim.run(cancelled())
    discord_sim.wait(1)
