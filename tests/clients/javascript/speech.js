'use strict';
// How the bots here are told where Discord is, tell what they hear, and are told what to do: an object of JSON a line.
// The environment has API (with its version), TOKEN and FRAMING (none, payload, zlib-stream, zstd-stream).
const readline = require('node:readline');

const { API, TOKEN, FRAMING } = process.env;
const say = (event, data) => process.stdout.write(`${JSON.stringify({ event, ...data })}\n`);
const fail = (error) => say('failed', { message: error?.stack ?? JSON.stringify(error) ?? String(error) });

// Do the deeds that stdin asks for, each by its name, and end with it.
function obey(deeds) {
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const wish = JSON.parse(line);
    if (wish.do === 'stop') process.exit(0);
    try {
      say('done', await deeds[wish.do](wish));
    } catch (error) {
      fail(error);
    }
  });
  process.stdin.on('end', () => process.exit(0));
}

module.exports = { API, FRAMING, TOKEN, fail, obey, say };
