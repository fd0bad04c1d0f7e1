"""A bot on nextcord."""

import nextcord
from nextcord.ext import commands
from nextcord.http import Route
from speech import API, TOKEN, listen

Route.BASE = API
intents = nextcord.Intents(guilds=True, members=True, guild_messages=True, message_content=True)
bot = commands.Bot(intents=intents)


class Form(nextcord.ui.Modal):
    def __init__(self):
        super().__init__("Who are you?")
        self.who = nextcord.ui.TextInput(label="Your name", custom_id="name")
        self.add_item(self.who)

    async def callback(self, interaction):
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"thank you, {self.who.value}", ephemeral=True)


class Panel(nextcord.ui.View):
    @nextcord.ui.button(label="Ask me")
    async def ask(self, button, interaction):
        await interaction.response.send_modal(Form())


@bot.slash_command(description="Say hello")
async def hello(interaction: nextcord.Interaction, who: str = nextcord.SlashOption(description="To whom")):
    await interaction.response.send_message(f"hello {who}", view=Panel())


if __name__ == "__main__":
    listen(bot)
    bot.run(TOKEN)
