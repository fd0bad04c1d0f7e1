'use strict';
// A bot on discord.js.
const { SimpleShardingStrategy } = require('@discordjs/ws');
const {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits, MessageFlags, ModalBuilder,
  SlashCommandBuilder, TextInputBuilder, TextInputStyle,
} = require('discord.js');
const { API, FRAMING, TOKEN, fail, obey, say } = require('../speech');

class Strategy extends SimpleShardingStrategy {
  async spawn(ids) {
    await super.spawn(ids);
    // What discord.js falls back to by itself where zlib-sync is wanted and absent.
    for (const shard of this.shards.values()) shard.useIdentifyCompress = FRAMING === 'payload';
  }
}

const { Guilds, GuildMembers, GuildMessages, GuildMessageReactions } = GatewayIntentBits;
const client = new Client({
  intents: [Guilds, GuildMembers, GuildMessages, GuildMessageReactions],
  rest: { api: API.replace('/v10', '') },
  ws: {
    // discord.js takes zlib-stream where zlib-sync is installed; this documented hook lets the test choose.
    buildStrategy: (manager) => {
      manager.options.compression = FRAMING === 'zlib-stream' ? FRAMING : null;
      return new Strategy(manager);
    },
  },
});

client.once(Events.ClientReady, () => say('ready', { guilds: client.guilds.cache.map((guild) => guild.name) }));
client.on(Events.GuildMemberAdd, (member) => say('joined', { name: member.user.username }));
client.on(Events.MessageCreate, (message) => say('written', { by: message.author.username }));
client.on(Events.MessageUpdate, (_, message) => say('edited', { by: message.author.username }));
client.on(Events.MessageDelete, (message) => say('deleted', { id: message.id }));
client.on(Events.MessageReactionAdd, (reaction, user) => say('reacted', { by: user.id, emoji: reaction.emoji.name }));
client.on(Events.ThreadCreate, (thread) => say('thread', { name: thread.name }));
client.on(Events.ShardResume, () => say('resumed'));
client.on(Events.Error, fail);
client.on(Events.ShardError, fail);
client.on(Events.InteractionCreate, (interaction) => answer(interaction).catch(fail));

// A command brings a button, the button a modal, the modal an answer.
async function answer(interaction) {
  if (interaction.isChatInputCommand()) {
    const button = new ButtonBuilder().setCustomId('ask').setLabel('Ask me').setStyle(ButtonStyle.Primary);
    const components = [new ActionRowBuilder().addComponents(button)];
    await interaction.reply({ content: `hello ${interaction.options.getString('who')}`, components });
  } else if (interaction.isButton()) {
    const field = new TextInputBuilder().setCustomId('name').setLabel('Your name').setStyle(TextInputStyle.Short);
    const modal = new ModalBuilder().setCustomId('form').setTitle('Who are you?');
    await interaction.showModal(modal.addComponents(new ActionRowBuilder().addComponents(field)));
  } else if (interaction.isModalSubmit()) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply(`thank you, ${interaction.fields.getTextInputValue('name')}`);
    await interaction.followUp('and good bye');
  }
}

obey({
  rename: async ({ channel, name }) => ({ name: (await client.channels.cache.get(channel).setName(name)).name }),
  send: async ({ channel, text }) => ({ id: (await client.channels.cache.get(channel).send(text)).id }),
  count: async ({ guild }) => ({ members: client.guilds.cache.get(guild).memberCount }),
  sync: async () => {
    const command = new SlashCommandBuilder().setName('hello').setDescription('Say hello');
    command.addStringOption((option) => option.setName('who').setDescription('To whom').setRequired(true));
    return { commands: (await client.application.commands.set([command])).size };
  },
  tend: async ({ channel }) => {
    const chat = client.channels.cache.get(channel);
    const message = await chat.send('penguin?');
    await message.edit('penguin!');
    await message.react('🐧');
    await (await message.startThread({ name: 'Penguins' })).send('in here');
    await (await chat.send('oops')).delete();
    return { reactions: (await message.fetch()).reactions.cache.map((reaction) => reaction.emoji.name) };
  },
});

if (FRAMING === 'zlib-stream') {
  try {
    require('zlib-sync');
  } catch {
    say('unavailable', { what: 'zlib-sync could not be built here' });
    process.exit(0);
  }
}
client.login(TOKEN);
