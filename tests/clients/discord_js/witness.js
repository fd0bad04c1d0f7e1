'use strict';
// An unmodified discord.js bot: says on stdout what it hears and does what stdin tells it, a JSON object a line.
// Its settings are in the environment: API (base of REST without version), TOKEN, FRAMING (none, payload, zlib-stream).
const readline = require('node:readline');
const { SimpleShardingStrategy } = require('@discordjs/ws');
const { Client, Events, GatewayIntentBits } = require('discord.js');

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

async function answer(interaction) {
  say('interaction', { type: interaction.type, name: interaction.commandName ?? interaction.customId });
}

const deeds = {
  rename: async ({ channel, name }) => ({ name: (await client.channels.cache.get(channel).setName(name)).name }),
  send: async ({ channel, text }) => ({ id: (await client.channels.cache.get(channel).send(text)).id }),
  count: async ({ guild }) => ({ members: client.guilds.cache.get(guild).memberCount }),
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
