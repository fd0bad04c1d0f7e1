"""Permission bits and their computation."""

from __future__ import annotations

import discord
import pytest

from steward.sim.guilds.permissions import ALL, BITS, Overwrite, bits_of, in_channel, names_of

EVERYONE, ROLE, OTHER_ROLE, MEMBER = 1, 2, 3, 4
TEXT, VOICE = 0, 2


def computed(base: int, *overwrites: Overwrite, kind: int = TEXT) -> frozenset[str]:
    found = in_channel(
        base,
        {overwrite.id: overwrite for overwrite in overwrites},
        everyone_id=EVERYONE,
        role_ids=(ROLE, OTHER_ROLE),
        member_id=MEMBER,
        channel_type=kind,
    )
    return names_of(found)


def test_bits_are_those_of_an_independent_library():
    theirs = discord.Permissions.VALID_FLAGS
    same = {name: bit for name, bit in BITS.items() if name in theirs}
    assert len(same) > 45
    assert {name: theirs[name] for name in same} == same


def test_overwrites_are_applied_everyone_then_roles_then_member():
    base = bits_of(["view_channel", "send_messages"])
    write = BITS["send_messages"]
    deny_all = Overwrite(EVERYONE, 0, deny=write)
    assert "send_messages" not in computed(base, deny_all)
    assert "send_messages" in computed(base, deny_all, Overwrite(ROLE, 0, allow=write))
    both = (Overwrite(ROLE, 0, deny=write), Overwrite(OTHER_ROLE, 0, allow=write))
    assert "send_messages" in computed(base, *both)
    assert "send_messages" not in computed(base, *both, Overwrite(MEMBER, 1, deny=write))


def test_administrators_have_all_permissions():
    found = in_channel(
        BITS["administrator"],
        {EVERYONE: Overwrite(EVERYONE, 0, deny=ALL)},
        everyone_id=EVERYONE,
        role_ids=(),
        member_id=MEMBER,
        channel_type=TEXT,
    )
    assert found == ALL


def test_without_view_channel_there_are_no_permissions():
    assert computed(bits_of(["manage_channels", "send_messages"])) == frozenset()


def test_without_send_messages_there_is_no_attaching_or_embedding():
    base = bits_of(["view_channel", "embed_links", "attach_files", "add_reactions"])
    assert computed(base) == {"view_channel", "add_reactions"}


def test_denying_connect_removes_manage_channels_in_voice_channels_only():
    base = bits_of(["view_channel", "connect", "manage_channels", "send_messages"])
    locked = Overwrite(EVERYONE, 0, deny=BITS["connect"])
    assert "manage_channels" not in computed(base, locked, kind=VOICE)
    assert "manage_channels" in computed(base, locked, kind=TEXT)
    own = Overwrite(MEMBER, 1, allow=BITS["connect"])
    assert "manage_channels" in computed(base, locked, own, kind=VOICE)


def test_an_unknown_name_raises_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'fly' is not a permission. Known are: add_reactions"):
        bits_of(["fly"])
