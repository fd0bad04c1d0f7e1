from datetime import UTC, datetime

from rich.console import Console

from steward.cli.demo.embeds import embed
from steward.sim.channels.message import Message
from tests.stage import stage

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
EIGHT_PM = int(datetime(2026, 1, 5, 20, tzinfo=UTC).timestamp())


def field(name, value, *, inline=True):
    return {"name": name, "value": value, "inline": inline}


async def test_an_embed_reads_as_in_discord(clock, tmp_path):
    async with stage(clock, tmp_path) as scene:
        hall = scene.guild.add_text_channel("hall")
        crowd = "\n".join(f"guest\\_{number}" for number in range(40))
        fields = [
            field("When", f"<t:{EIGHT_PM}:F> to <t:{EIGHT_PM + 3600}:t>\n<t:{EIGHT_PM}:R>"),
            field("Where", f"<#{hall.id}>"),
            field("Waitlist (40)", crowd, inline=False),
        ]
        ada = scene.guild.join("ada")
        told = {"title": "Over", "description": f"<@{ada.id}> won, <@1> lost", "footer": {"text": "Play money"}}
        told = Message(2, hall.id, scene.sim.bot.user, embeds=[told])
        message = Message(1, hall.id, scene.sim.bot.user, embeds=[{"title": "Raid", "fields": fields}])
        console = Console(width=100, record=True, file=(tmp_path / "out").open("w"))
        console.print(embed(message, scene.guild, NOON))
        console.print(embed(told, scene.guild, NOON))
        console.file.close()
        shown = console.export_text()
        assert "Monday, 5 January 2026 at 20:00 to 21:00" in shown
        assert "in 8 hours" in shown
        assert "#hall" in shown
        assert "Waitlist (40): guest_0, guest_1" in shown
        assert "guest_39" not in shown
        assert "Over\n@ada won, @somebody who left lost\nPlay money" in "\n".join(map(str.rstrip, shown.splitlines()))
        assert "\u2026" in shown
