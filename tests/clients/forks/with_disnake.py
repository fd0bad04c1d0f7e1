"""A bot on disnake."""

import disnake
from disnake.ext import commands
from disnake.http import Route
from speech import API, TOKEN, listen

Route.BASE = API
intents = disnake.Intents(guilds=True, members=True, guild_messages=True, message_content=True)
bot = commands.InteractionBot(intents=intents)


class Form(disnake.ui.Modal):
    def __init__(self):
        who = disnake.ui.TextInput(label="Your name", custom_id="name")
        super().__init__(title="Who are you?", custom_id="form", components=[who])

    async def callback(self, interaction):
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"thank you, {interaction.text_values['name']}", ephemeral=True)


class Panel(disnake.ui.View):
    @disnake.ui.button(label="Ask me")
    async def ask(self, button, interaction):
        await interaction.response.send_modal(Form())


@bot.slash_command(description="Say hello")
async def hello(interaction: disnake.ApplicationCommandInteraction, who: str = commands.Param(description="To whom")):
    await interaction.response.send_message(f"hello {who}", view=Panel())


if __name__ == "__main__":
    listen(bot)
    bot.run(TOKEN)
