"""The list of commands fits into Discord's embed, however many there are."""

from steward.client.interactions.offered import Family
from steward.guilds.commands import LONGEST_DESCRIPTION, help_view

TITLES = {"events": "Events", "stats": "Statistics"}


def family(name, owner=None, count=1, *, restricted=False):
    mentions = tuple(f"</{name} {n}:123456789012345678>" for n in range(count))
    return Family(name, f"What {name} does", owner, restricted, mentions)


def test_commands_stand_under_what_they_are_about():
    families = [family("event", "events"), family("export", restricted=True), family("timezone")]
    lines = help_view(families, TITLES)["embeds"][0]["description"].splitlines()
    assert lines == [
        *("**Events**", "What event does: </event 0:123456789012345678>"),
        *("**This server**", "What export does: </export 0:123456789012345678>"),
        *("**For you**", "What timezone does: </timezone 0:123456789012345678>"),
    ]


def test_what_does_not_fit_is_left_out_by_whole_lines_and_counted():
    families = [family(f"command{number}", count=10) for number in range(30)]
    text = help_view(families, TITLES)["embeds"][0]["description"]
    assert len(text) <= LONGEST_DESCRIPTION
    *whole, more = text.splitlines()
    assert all(line.count("</") == 10 for line in whole[1:])
    assert more == f"and {31 - len(whole)} more"
