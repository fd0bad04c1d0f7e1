"""
Charts: PNG images for Discord messages, and SVG for web pages. See docs/charts.md for all kinds.

A chart is a value (`steward.charts.chart`), validated when created. `svg(chart, theme)` draws it; a `ChartRenderer`
converts it to PNG in a short-lived child process, which saves memory:

    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    from steward.charts.chart import ChartGap, ChartSeries, LineChart
    from steward.charts.render import ChartRenderer

    monday = datetime(2026, 3, 2, tzinfo=UTC)
    hours = [monday + timedelta(hours=hour) for hour in range(168)]
    members = LineChart(
        "Members",
        hours,
        [ChartSeries("Members", [1000 + hour if hour < 90 or hour > 96 else None for hour in range(168)])],
        zone=ZoneInfo("Europe/Berlin"),
        subtitle="2 to 8 March",
        gaps=[ChartGap(hours[90], hours[97], "Steward was offline")],
        goal=1200,
    )
    renderer = ChartRenderer()  # one per bot: it runs one child at a time
    [png] = await renderer.render([members])

This package imports nothing itself, because the child process starts here.
"""
