'use strict';
// An unmodified discord.js bot: says on stdout what it hears and does what stdin tells it, a JSON object a line.
// Its settings are in the environment: API (base of REST without version), TOKEN, FRAMING (none, payload, zlib-stream).
const readline = require('node:readline');
const { SimpleShardingStrategy } = require('@discordjs/ws');
const {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, Events, GatewayIntentBits, MessageFlags, ModalBuilder,
  SlashCommandBuilder, TextInputBuilder, TextInputStyle,
} = require('discord.js');

const say = (event, data) => process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
const { API, TOKEN, FRAMING } = process.env;

class Strategy extends SimpleShardingStrategy {
  async spawn(ids) {
    await super.spawn(ids);
    // What discord.js falls back to by itself where zlib-sync is wanted and absent.
    for (const shard of this.shards.values()) shard.useIdentifyCompress = FRAMING === 'payload';
  }
}

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers, GatewayIntentBits.GuildMessages],
  rest: { api: API },
  ws: {
    // discord.js takes zlib-stream where zlib-sync is installed; this documented hook lets the test choose.
    buildStrategy: (manager) => {
      manager.options.compression = FRAMING === 'zlib-stream' ? FRAMING : null;
      return new Strategy(manager);
    },
  },
});

client.once(Events.ClientReady, () =>
  say('ready', { user: client.user.username, guilds: client.guilds.cache.map((guild) => guild.name) }),
);
client.on(Events.GuildMemberAdd, (member) => say('join', { name: member.user.username }));
client.on(Events.MessageCreate, (message) => say('message', { content: message.content, by: message.author.username }));
client.on(Events.ShardResume, (shard, replayed) => say('resumed', { replayed }));
client.on(Events.Error, (error) => say('error', { message: String(error) }));
client.on(Events.ShardError, (error) => say('error', { message: String(error) }));
client.on(Events.InteractionCreate, (interaction) => answer(interaction).catch((error) => say('failed', { message: String(error) })));
client.rest.on('rateLimited', (info) => say('limited', { wait: info.timeToReset, scope: info.scope }));

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

const deeds = {
  rename: async ({ channel, name }) => ({ name: (await client.channels.cache.get(channel).setName(name)).name }),
  send: async ({ channel, text }) => ({ id: (await client.channels.cache.get(channel).send(text)).id }),
  count: async ({ guild }) => ({ members: client.guilds.cache.get(guild).memberCount }),
  sync: async () => {
    const command = new SlashCommandBuilder().setName('hello').setDescription('Say hello');
    command.addStringOption((option) => option.setName('who').setDescription('To whom').setRequired(true));
    return { commands: (await client.application.commands.set([command])).size };
  },
  stop: async () => {
    await client.destroy();
    process.exit(0);
  },
};

readline.createInterface({ input: process.stdin }).on('line', async (line) => {
  const wish = JSON.parse(line);
  try {
    say('done', await deeds[wish.do](wish));
  } catch (error) {
    say('failed', { message: String(error) });
  }
});
process.stdin.on('end', () => process.exit(0));

if (FRAMING === 'zlib-stream') {
  try {
    require('zlib-sync');
  } catch {
    say('unavailable', { what: 'zlib-sync could not be built here' });
    process.exit(0);
  }
}
client.login(TOKEN);
