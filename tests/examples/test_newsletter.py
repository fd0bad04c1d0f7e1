"""examples/jobs: each morning exactly once, across restarts."""

import asyncio
from datetime import datetime

from tests.examples.loading import example

DAY = 86_400


async def test_each_morning_is_sent_once_across_many_restarts(clock, tmp_path):
    newsletter, sent = example("jobs/newsletter.py"), {}

    async def post(reader, text, nonce):
        sent.setdefault((reader, nonce), []).append((clock.now(), text))

    async def for_a_while(seconds):
        running = asyncio.create_task(newsletter.run(tmp_path / "news.sqlite3", clock, post))
        await asyncio.sleep(seconds)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    await for_a_while(60)
    eight_in_berlin = datetime(2026, 1, 5, 7, 59, 58, tzinfo=clock.now().tzinfo)
    await asyncio.sleep((eight_in_berlin - clock.now()).total_seconds())
    for _ in range(20):
        await for_a_while(0.3)
    await for_a_while(DAY)
    assert len(sent) == 2 * len(newsletter.READERS)
    assert all(len(letters) == 1 for letters in sent.values())
    texts = [text for letters in sent.values() for _, text in letters]
    assert sorted(texts) == ["The news of 2026-01-05."] * 3 + ["The news of 2026-01-06."] * 3
