"""What lies ahead in a guild, for tests to look at."""

from datetime import timedelta

from steward.bots.events.model.timeline import LONGEST, kept_between

CENTURY = timedelta(days=36500)


async def coming_up(store, guild_id):
    """Return what is planned or posted in a guild and not over, the earliest first."""

    def work(tx):
        kept = kept_between(tx, guild_id, tx.now - LONGEST, tx.now + CENTURY, limit=1000)
        return [event for event in kept if event.is_open(tx.now)]

    return await store.read(work)
