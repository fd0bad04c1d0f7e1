"""A message with its charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from steward.charts.render import ChartFailed, ChartRenderer
from steward.client.embeds import BLUE, Message
from steward.guilds.reports import Posting
from steward.runtime.logs.loggers import get_logger

if TYPE_CHECKING:
    from steward.charts.chart import Chart

log = get_logger(__name__)


async def illustrated(message: Message, charts: Sequence[Chart], renderer: ChartRenderer) -> Posting:
    """
    Return a message of one embed with its one or more charts: the first in the embed, each other in one below.

    Where they cannot be drawn it goes without them.
    """
    try:
        pictures = await renderer.render(charts)
    except ChartFailed as error:  # the numbers are worth more than the pictures
        log.warning("chart_failed", reason=str(error))
        return Posting(message, [])
    files = [(f"chart{number}.png", picture) for number, picture in enumerate(pictures, 1)]
    first, *further = ({"image": {"url": f"attachment://{name}"}} for name, _ in files)
    embeds = [{**message["embeds"][0], **first}, *({"color": BLUE, **image} for image in further)]
    return Posting({**message, "embeds": embeds}, files)
