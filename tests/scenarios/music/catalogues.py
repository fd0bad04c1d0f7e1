"""An invented catalogue in a running bot, learnt, and what replies with picks show of it."""

import asyncio
import re

from steward.bots.music.catalogue.invented import invented_catalogue
from steward.bots.music.catalogue.keeping import keep_artists
from steward.bots.music.recommend.listening import keep_listening
from steward.bots.music.taste.favourites import add_favourites
from steward.bots.music.taste.members import own_listener
from tests.parts import music_of

CARD = re.compile(r"^\*\*[1-5]\. (.*)\*\*$", re.MULTILINE)


async def catalogue(steward, artists=300, listeners=60):
    """Keep an invented catalogue with its listeners, have it learnt, and return the artists' names by number."""
    invented = invented_catalogue(artists=artists, listeners=listeners)

    def work(tx):
        numbers = keep_artists(tx, invented.artists)
        for place, plays in enumerate(invented.listeners, 1):
            keep_listening(tx, -place, {numbers[index]: times for index, times in plays.items()})
        return numbers

    numbers = await steward.store.write(work)
    await music_of(steward).learning.run()
    return dict(zip(numbers, (one.name for one in invented.artists), strict=True))


async def likes(steward, member, artists):
    """Have a member name artists that they like."""
    await steward.store.write(lambda tx: add_favourites(tx, own_listener(tx, member.id), artists))


def picks_of(message):
    """The artists of the cards, by the numbers in their buttons."""
    rows = [part["components"] for part in message.components if part["type"] == 1]
    return [int(row[0]["custom_id"].rpartition(":")[2]) for row in rows if row[0]["custom_id"].startswith("music:say")]


def text_of(message):
    """All that a message of components says."""
    texts = (part["content"] for part in message.components if part["type"] == 10)
    return "\n".join(filter(None, [message.content, *texts]))


async def answer_to(reply, within=10.0):
    """The message that a click brings: a new one, or that in place of which it came."""
    async with asyncio.timeout(within):
        while not reply.followups and reply.message is None:
            await asyncio.sleep(0.1)
    return reply.followups[-1] if reply.followups else reply.message
