"""Addresses of pictures: those that Discord renews lose what ends, others that end are warned of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steward.bots.events.model.details import Details, decoded
from steward.bots.events.model.pictures import lasting, warning

SIGNED = "?ex=65d903de&is=65c68ede&hm=2481f30dd67f503f54d020ae3b5533b9987fae4e55f2b4e3926e08a3fa3ee24f&"
KEPT = "https://cdn.discordapp.com/attachments/1012345678900020080/1234567891233211234/raid.png"
HOST = st.sampled_from(["https://", "cdn.discordapp.com", "media.discordapp.net", "[", "]", ":x"])
PATH = st.sampled_from(["/attachments/", "/ephemeral-attachments/", "/1/", "a.png", "?", "#"])
NAME = st.sampled_from(["ex=", "&se=", "&sig=", "&expires=", "&signature=", "&X-Amz-Date=", "&X-Amz-Expires="])
VALUE = st.sampled_from(["99999999999999999999", "20260105T000000Z", "99991231T235959Z", "86400", "-1"])
PARTS = HOST | PATH | NAME | VALUE


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (KEPT + SIGNED, KEPT),
        (KEPT, KEPT),
        (KEPT.replace("cdn.discordapp.com", "media.discordapp.net") + SIGNED + "=&width=400&height=300", KEPT),
        ("https://example.org/a.png?ex=1&is=2&hm=3", "https://example.org/a.png?ex=1&is=2&hm=3"),
        ("https://cdn.discordapp.com/icons/1/2.png?size=64", "https://cdn.discordapp.com/icons/1/2.png?size=64"),
        ("https://[broken/attachments/", "https://[broken/attachments/"),
        ("", ""),
    ],
)
def test_a_link_to_an_attachment_is_kept_without_what_ends(pasted, kept):
    assert lasting(pasted) == kept


def test_it_is_kept_so_however_it_comes_and_also_where_an_earlier_version_kept_it_otherwise():
    assert Details("Raid", image_url=f" {KEPT}{SIGNED} ").checked().image_url == KEPT
    assert decoded(Details("Raid", image_url=KEPT + SIGNED).encoded()).image_url == KEPT


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (KEPT, ""),
        ("https://example.org/a.png?expires=never&signature=1", ""),
        ("https://example.org/a.png?expires=1767571200", ""),
        ("https://[broken", ""),
        ("https://cdn.discordapp.com/ephemeral-attachments/1/2/raid.png" + SIGNED, "attached to a command"),
        ("https://b.s3.amazonaws.com/a.png?X-Amz-Date=20260105T000000Z&X-Amz-Expires=3600", "<t:1767574800:f>"),
        ("https://storage.googleapis.com/b/a?X-Goog-Date=20260105T000000Z&X-Goog-Expires=60", "<t:1767571260:f>"),
        ("https://d1.cloudfront.net/a.png?Expires=1767571200&Signature=abc", "<t:1767571200:f>"),
        ("https://x.blob.core.windows.net/a.png?se=2026-01-05T00%3A00%3A00Z&sig=abc", "<t:1767571200:f>"),
    ],
)
def test_an_address_that_ends_is_warned_of_with_what_to_do(url, words):
    said = warning(url)
    assert words in said
    assert bool(said) == bool(words) == ("channel and copy its link" in said)


@given(st.lists(PARTS, max_size=8).map("".join))
def test_no_address_is_a_fault_and_what_lasts_stays_as_it_is(url):
    warning(url)
    assert lasting(lasting(url)) == lasting(url)
