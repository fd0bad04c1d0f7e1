"""The bot's connections trust the same authorities as before, over real TLS on loopback, without a bundle in memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="certificates are made by openssl")

PROGRAM = """
import asyncio, json, os, ssl, sys
from steward.cli.start.lean_imports import lean_imports
with lean_imports():
    import aiohttp
    from aiohttp import connector, web

async def main(certificate, key):
    async def hello(request):
        return web.Response(text="hello")
    app, server = web.Application(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    app.router.add_get("/", hello)
    server.load_cert_chain(certificate, key)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0, ssl_context=server).start()
    url = f"https://localhost:{runner.addresses[0][1]}/"
    carried = connector._SSL_CONTEXT_VERIFIED.cert_store_stats()["x509"]
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            said = await answer.text()
    except aiohttp.ClientConnectorCertificateError:
        said = "not trusted"
    await runner.cleanup()
    print(json.dumps([carried, said, os.environ["SSL_CERT_FILE"]]))

asyncio.run(main(*sys.argv[1:]))
"""


def openssl(*words):
    return subprocess.run(["openssl", *words], capture_output=True, text=True, check=True).stdout.strip()


class Authority:
    """Sign localhost's certificate with an own authority."""

    def __init__(self, folder):
        folder.mkdir()
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"
        openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
            *("-subj", f"/CN={folder.name}", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(self.key), "-out", str(self.certificate)),
        )

    def put_into(self, folder):
        shutil.copy(self.certificate, folder / f"{openssl('x509', '-hash', '-noout', '-in', str(self.certificate))}.0")


@pytest.fixture
def ada(tmp_path):
    return Authority(tmp_path / "ada")


@pytest.fixture
def bob(tmp_path):
    return Authority(tmp_path / "bob")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder


def ask(server, *, bundle, folder):
    """Return how many authorities a client loads, the server's answer, and the variable afterwards."""
    environ = {"SSL_CERT_FILE": str(bundle), "SSL_CERT_DIR": str(folder)}
    words = [sys.executable, "-c", PROGRAM, str(server.certificate), str(server.key)]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_an_authority_is_looked_up_in_the_folder_and_the_bundle_is_not_loaded(ada, folder):
    ada.put_into(folder)
    assert ask(ada, bundle=ada.certificate, folder=folder) == [0, "hello", str(ada.certificate)]


def test_an_authority_missing_in_the_folder_is_not_trusted(ada, bob, folder):
    ada.put_into(folder)
    assert ask(bob, bundle=ada.certificate, folder=folder) == [0, "not trusted", str(ada.certificate)]


def test_the_bundle_is_loaded_if_the_folder_lacks_one_of_its_certificates(ada, bob, folder, tmp_path):
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(ada.certificate.read_text() + bob.certificate.read_text())
    bob.put_into(folder)
    assert ask(ada, bundle=bundle, folder=folder) == [2, "hello", str(bundle)]


def test_a_folder_without_hashed_names_is_ignored(ada, folder):
    shutil.copy(ada.certificate, folder / "ada.pem")
    assert ask(ada, bundle=ada.certificate, folder=folder) == [1, "hello", str(ada.certificate)]


def test_without_a_folder_the_bundle_is_loaded(ada, tmp_path):
    assert ask(ada, bundle=ada.certificate, folder=tmp_path / "none") == [1, "hello", str(ada.certificate)]
