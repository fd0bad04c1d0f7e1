"""The list of commands fits into Discord's embed, however many there are."""

from steward.client.interactions.offered import Family
from steward.guilds.help import LONGEST, help_view


def family(name, module, count=1):
    return Family(name, f"What {name} does", module, tuple(f"</{name} {n}:123456789012345678>" for n in range(count)))


def test_commands_stand_under_what_they_are_about():
    families = [family("event", "steward.bots.events.commands.making"), family("timezone", "steward.guilds.timezone")]
    lines = help_view(families)["embeds"][0]["description"].splitlines()
    assert lines == [
        *("**Events**", "What event does: </event 0:123456789012345678>"),
        *("**For you**", "What timezone does: </timezone 0:123456789012345678>"),
    ]


def test_what_does_not_fit_is_left_out_by_whole_lines_and_counted():
    families = [family(f"command{number}", "somewhere", 10) for number in range(30)]
    text = help_view(families)["embeds"][0]["description"]
    assert len(text) <= LONGEST
    *whole, more = text.splitlines()
    assert all(line.count("</") == 10 for line in whole[1:])
    assert more == f"and {31 - len(whole)} more"
