"""What is due, done when a test says so."""

from functools import partial

from steward.bots.events.schedule.effects import event_kinds
from steward.store.due import due


async def nothing(_):
    """Take nobody out before a reminder."""


async def always(_):
    """Have each mention of a role reach its members."""
    return True


KINDS = event_kinds(before_reminding=nothing, role_reaches=always)


async def gone(_):
    """No post is there: each was deleted."""
    return False


async def happens(store):
    """Do all that is due in a database."""
    while items := await store.read(_due):
        for item in items:
            effect = await KINDS[item.kind].prepare(item)
            await store.write(partial(_do, item=item, effect=effect))


def _due(tx):
    guilds, _ = due.guilds(tx, KINDS)
    return [due.first(tx, KINDS, guild_id) for guild_id in guilds]


def _do(tx, item, effect):
    if due.drop(tx, item):
        effect(tx)
