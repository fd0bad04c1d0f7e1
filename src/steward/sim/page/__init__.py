"""
The simulator's page: a chat client in the browser.

`SimulatorPage` serves the files in `static` and one WebSocket for each tab, on a thread and loop of its own, so the
page answers while the simulated clock stands or races. The texts on the WebSocket are JSON. Ids are strings. Channels,
messages, roles, components, commands and modals are Discord's own objects.

From a tab:

- `{"op": "look", "guild", "channel", "me", "direct"}`: show this place as this member; the ids may be null, and the
  first that fits is shown then. `direct`: true for the direct messages. The answer is a `view`.
- `{"op": "act", "n", "do", ...}`: do something as that member; the answer is a `done` with the same `n`. The deeds:
  - `say` (`content`, `reply_to`, `files`), `edit` (`message`, `content`), `delete` (`message`), `type`,
    `react` and `unreact` (`message`, `emoji`: a character, or `name:id`), `pin` and `unpin` (`message`),
    `vote` (`message`, `answers`: texts of the answers), `thread` (`message` or null, `name`);
  - `run` (`command`: with group and subcommand, `options`: values by name), `complete` (`command`, `options`: the
    focused one last), `use` (`command`, `user` or `message`);
  - `click` (`message`, `custom_id`), `select` (`message`, `custom_id`, `values`), `submit` (`modal`, `fields`: values
    by custom id);
  - `join_voice` (`channel`), `leave_voice`, `meet` (`name`): one more member to act as, `write_to` (`bot`): open the
    direct messages with a bot.
  Members, roles and channels among the values are ids; files are `{"name", "data"}` with base64.
- `{"op": "older", "n", "before"}`, `{"op": "newer", "n", "after"}`, `{"op": "around", "n", "message"}`: fifty messages
  before, after or around this one.
- `{"op": "pins", "n"}`: the pinned messages of the channel.
- `{"op": "threads", "n"}`: the archived threads of the channel.
- `{"op": "members", "n", "query"}`: members whose names contain this, of all.
- `{"op": "request", "n", "row"}`: the bodies of a row of the log.
- `{"op": "time", "speed"}` or `{"op": "time", "until"}`: a speed (0 stands, null as fast as possible), or an instant.
- `{"op": "create", "n", "name"}`: a server with one channel.
- `{"op": "fault", "n", "fault"}`: one of the texts in `faults`.

To a tab:

- `view`: everything about a place:
  - `time`: `{"now", "speed", "controls", "until", "resume"}`; `controls` is false where the clock is the machine's,
    `resume` the speed before it was stopped;
  - `bots`: `[{"id", "name", "connected", "logged_in", "env"}]`: whether it is connected and ever was, and the variables
    that point a bot here; `faults`: texts of a menu;
  - `guilds`: `[{"id", "name"}]`; `guild`: `{"id", "name", "owner_id", "member_count", "online_count", "roles",
    "emojis"}` or null;
  - `channels`: Discord's, with `unread` (a number of mentions, or null for nothing new) and `renames`: `{"left", "of",
    "back"}`, where `back` is when all are left again, or null; threads are among them; direct messages, named after the
    bot, where `guild` is null;
  - `unread`: mentions by server, for those with something new; those of direct messages under `direct`;
  - `channel`: the id, `messages`: the newest 50, oldest first, `older`: whether there are more;
  - `ephemeral`: messages that only `me` sees here; `waiting`: `[{"id", "bot", "kind", "name", "message"}]`,
    interactions of `me` here that wait for the bot's first response;
  - `members`: `[{"id", "name", "username", "bot", "status", "voice", "roles"}]`, `me`: one of them, with `refused`:
    `{"say", "react", "run"}`, each null or the reason why this member may not;
  - `commands`: Discord's, with `bot` (a name) and `refused` (null or a reason);
  - `log`: rows `{"row", "at", "method", "route", "path", "status", "ms", "bucket", "remaining", "reset_after", "scope",
    "hidden", "fault", "bot"}`, `totals`: `{"requests", "limited"}`.
- `failed`: `{"error"}`: a place cannot be shown; a `view` of the one before follows.
- `change`: the parts that have changed since, under the same names; lists of `channels`, `messages` and `log` contain
  only what is new or different, `gone_messages` and `gone_channels` ids of what is there no
  longer; `typing`: `[{"id", "name"}]`, who has begun to write;
  `gateway`: rows `{"at", "to_bot", "name", "data"}` of the gateway's traffic, if the tab asked by
  `{"op": "gateway", "on": true}`.
- `done`: `{"n", "error", "result"}`. `error` is null or a sentence for people. `result` of an interaction is
  `{"modal": {"id", "title", "custom_id", "components"}}`, `{"choices": [{"name", "value"}]}` or `{}`; of `say`
  `{"message"}`; of `older`, `newer` and `around` `{"messages", "older", "newer"}`, the last two: whether there are
  more; of `pins` `{"messages"}`; of `threads` `{"channels"}`; of `members` `{"members"}`; of `request`
  `{"body", "result"}`; of `meet` `{"me"}`; of `write_to` `{"channel"}`; of `create` `{"guild"}`.
"""
