"""examples/weather: an answer or an error, whatever the service does."""

import asyncio

from tests.examples.loading import example


class Service:
    def __init__(self, *, failing=0, takes=1.0):
        self.failing = failing
        self.takes = takes
        self.asked = self.running = self.most = 0

    async def ask(self, place):
        self.asked += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await asyncio.sleep(self.takes)
            if self.failing:
                self.failing -= 1
                raise ConnectionError("The line is dead.")
        finally:
            self.running -= 1
        return f"{place}: sunny"


def weather_of(service, clock):
    return example("weather/weather.py").Weather(service.ask, clock)


async def test_a_short_outage_is_not_noticed(clock):
    service = Service(failing=2)
    assert await weather_of(service, clock).answer("Oslo") == "Oslo: sunny"
    assert service.asked == 3


async def test_each_of_many_concurrent_callers_gets_an_answer_or_a_message_to_retry(clock):
    service = Service()
    weather = weather_of(service, clock)
    told = await asyncio.gather(*(weather.answer("Oslo") for _ in range(25)))
    assert told.count("Oslo: sunny") == 22
    assert told.count("The weather service is busy: 2 calls run and 20 wait. Try again in a moment.") == 3
    assert service.most == 2


async def test_a_hanging_service_times_out_and_is_paused_until_it_recovers(clock):
    service = Service(takes=3600)
    weather = weather_of(service, clock)
    assert await weather.answer("Oslo") == "No answer within 5 s."
    assert "keeps failing, so calls are paused" in await weather.answer("Oslo")
    assert service.asked == 5
    assert "keeps failing, so calls are paused" in await weather.answer("Oslo")
    assert service.asked == 5
    service.takes = 1
    await asyncio.sleep(60)
    assert await weather.answer("Oslo") == "Oslo: sunny"
