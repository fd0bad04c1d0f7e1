"""A message goes with its charts, or without them."""

from datetime import UTC, datetime

from steward.charts.chart import ChartSeries, LineChart
from steward.charts.render import ChartRenderer
from steward.guilds.illustrated import illustrated

MESSAGE = {"embeds": [{"title": "Growth"}]}
CHART = LineChart("Members", [datetime(2026, 1, 5, tzinfo=UTC)], [ChartSeries("Members", [1])], zone=UTC)


async def test_the_first_picture_stands_in_the_message_and_each_further_one_below():
    message, files = await illustrated(MESSAGE, [CHART, CHART], ChartRenderer())
    first, second = message["embeds"]
    assert (first["title"], first["image"]["url"]) == ("Growth", "attachment://chart1.png")
    assert second["image"]["url"] == "attachment://chart2.png"
    assert [(name, content[:4]) for name, content in files] == [
        ("chart1.png", b"\x89PNG"),
        ("chart2.png", b"\x89PNG"),
    ]


async def test_a_message_whose_charts_cannot_be_drawn_goes_without():
    assert await illustrated(MESSAGE, [CHART], ChartRenderer(child=["false"])) == (MESSAGE, [])
