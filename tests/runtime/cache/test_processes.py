"""Two real processes on one Redis."""

from __future__ import annotations

import subprocess
import sys

import pytest

from steward.runtime.cache import Cache, RedisTier
from tests.runtime.cache.test_shared import Quick, until

OTHER = """
import asyncio, sys
from steward.runtime.cache import Cache, RedisTier

async def said(line):
    print(line, flush=True)

async def main():
    async with Cache(shared=RedisTier(sys.argv[1], namespace=sys.argv[2])) as cache:
        users = cache.category("user_data", shared_as=dict[str, int])
        async def load():
            return {"made by the other": 1}
        print(await users.fetch("guild:1", load, tags=["red"]), flush=True)
        await cache.settle()
        for line in iter(sys.stdin.readline, ""):
            word, _, name = line.strip().partition(" ")
            if word == "get":
                await asyncio.sleep(0.2)  # for a message to arrive
                print(users.get(name), flush=True)
            else:
                getattr(users, word)(name)
                await cache.settle()
                print("done", flush=True)

asyncio.run(main())
"""


@pytest.mark.real_time
async def test_two_processes_share_values_and_deletions(redis_url, namespace):
    command = [sys.executable, "-c", OTHER, redis_url, namespace]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:

        def says(line=None):
            if line is not None:
                other.stdin.write(line + "\n")
                other.stdin.flush()
            return other.stdout.readline().strip()

        try:
            assert says() == "{'made by the other': 1}"
            async with Cache(shared=RedisTier(redis_url, namespace=namespace, timeout=0.5)) as cache:
                users = cache.category("user_data", shared_as=dict[str, int])
                source = Quick({"made here": 2})
                for deletion in ("delete guild:1", "delete_tag red", "delete_prefix guild:"):
                    value = await users.fetch("guild:1", source.load, tags=["red"])
                    await cache.settle()
                    assert value == ({"made by the other": 1} if source.calls == 0 else {"made here": 2})
                    assert says(deletion) == "done"
                    await until(lambda: users.get("guild:1") is None)
                assert source.calls == 2
                users.delete("guild:1")
                await cache.settle()
                assert says("get guild:1") == "None"
        finally:
            other.stdin.close()
            other.wait(10)
