"""The requests Steward makes of Discord, each with what it costs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from discord.http import HTTPClient, Route

from steward.client.gateway.second_process import SecondProcess
from steward.client.payloads import Payload, count, possible_snowflake, snowflake, user_name
from steward.client.rest.asking import ANSWER_WITHIN, asking
from steward.client.rest.audit_log import AuditAction, AuditEntry
from steward.client.rest.errors import THREAD_ARCHIVED, Refused
from steward.client.rest.gate import Gate, RequestKey
from steward.client.rest.request_pace import EditPace
from steward.client.rest.scheduled_events import ScheduledEvents
from steward.runtime.isolation import Isolation

Files = Sequence[tuple[str, bytes]]

NO_MENTIONS: Payload = {"parse": []}  # without the field Discord parses every mention, @everyone included
GUILDS_A_PAGE = 200
BANS_A_PAGE = 1000
MEMBERS_A_PAGE = 1000
ROLE_OF_MEMBER = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"
AUDIT_ENTRIES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class GatewayInfo:
    """
    Where the gateway is and how many logins are left (`GET /gateway/bot`).

    Attributes:
        total: IDENTIFYs allowed in 24 hours; 1000 for ordinary bots.
        reset_after: seconds until the count starts anew.

    """

    url: str
    total: int
    remaining: int
    reset_after: float


@dataclass(frozen=True, slots=True)
class PolledCounts:
    """Discord's own, approximate counts of one guild."""

    members: int
    online: int


@dataclass(frozen=True, slots=True)
class MemberKinds:
    """How many members of a guild are people, and how many are bots."""

    humans: int
    bots: int


class Rest:
    """
    Discord's REST API through discord.py's client, which keeps to the announced limits, and a gate for all others.

    Every method raises `Refused`, `Gone`, `TryLater` or `NeedsOperator` (`steward.client.rest.errors`), never an
    error of discord.py or aiohttp.

    Args:
        within: seconds after which an answer is not waited for any more.
        guilds_a_page: how many guilds are asked about at once, 200 at most.
        second: told what is sent, to tell it from what another process sends.

    """

    def __init__(
        self,
        http: HTTPClient,
        gate: Gate,
        edits: EditPace,
        *,
        within: float = ANSWER_WITHIN,
        guilds_a_page: int = GUILDS_A_PAGE,
        second: SecondProcess | None = None,
    ) -> None:
        self._http = http
        self._second = second
        self._within = within
        self._guilds_a_page = min(guilds_a_page, GUILDS_A_PAGE)
        self._edits = edits
        self._gate = gate  # for what needs a permission
        self._isolation = Isolation("read counts")
        self.scheduled_events = ScheduledEvents(self._ask)

    @asynccontextmanager
    async def _asking(self, route: Route, what: str) -> AsyncIterator[None]:
        async with self._gate.passing(_key(route), what), asking(what, within=self._within):
            yield

    async def _ask(self, route: Route, what: str, **sent: Any) -> Any:
        async with self._asking(route, what):
            return await self._http.request(route, **sent)

    async def gateway(self) -> GatewayInfo:
        """Ask where to connect: one call before each connection."""
        async with asking("find the gateway", within=self._within):
            answer = await self._http.request(Route("GET", "/gateway/bot"))
            limit = answer["session_start_limit"]
            return GatewayInfo(answer["url"], limit["total"], limit["remaining"], limit["reset_after"] / 1000)

    async def guild_counts(self) -> dict[int, PolledCounts]:
        """Count members and online members of every guild: one call for 200 guilds, no intent needed."""
        counts: dict[int, PolledCounts] = {}
        after = 0
        while True:
            params = {"limit": self._guilds_a_page, "with_counts": "true", "after": after}
            async with asking("count the members of its guilds", within=self._within):
                page: list[Payload] = await self._http.request(Route("GET", "/users/@me/guilds"), params=params)
                for guild in page:
                    guild_id = snowflake(guild["id"])
                    with self._isolation.item(guild_id):
                        counts[guild_id] = _counts(guild)
            if len(page) < self._guilds_a_page:
                return counts
            after = int(page[-1]["id"])

    async def counts_of(self, guild_id: int) -> PolledCounts:
        """Count members and online members of one guild."""
        route = Route("GET", "/guilds/{guild_id}", guild_id=guild_id)
        async with self._asking(route, f"count the members of guild {guild_id}"):
            return _counts(await self._http.request(route, params={"with_counts": "true"}))

    async def ban_count(self, guild_id: int) -> int:
        """Count the bans of a guild by paging through them: one call for 1,000 bans; needs BAN_MEMBERS."""
        bans, after = 0, 0
        route = Route("GET", "/guilds/{guild_id}/bans", guild_id=guild_id)
        while True:
            async with self._asking(route, f"count the bans of guild {guild_id}"):
                page = await self._http.get_bans(guild_id, BANS_A_PAGE, after=after or None)
            bans += len(page)
            if len(page) < BANS_A_PAGE:
                return bans
            after = int(page[-1]["user"]["id"])

    async def audit_log(self, guild_id: int, action: AuditAction, begin: datetime, end: datetime) -> list[AuditEntry]:
        """Return a guild's log of one action in `[begin, end)`, the oldest first; needs VIEW_AUDIT_LOG."""
        found: list[AuditEntry] = []
        route = Route("GET", "/guilds/{guild_id}/audit-logs", guild_id=guild_id)
        after, last = discord.utils.time_snowflake(begin) - 1, discord.utils.time_snowflake(end)
        while True:
            params = {"limit": AUDIT_ENTRIES_A_PAGE, "action_type": action.value, "after": after}
            async with self._asking(route, f"read the audit log of guild {guild_id}"):
                answer = await self._http.request(route, params=params)
                names = {user["id"]: user_name(user) for user in answer["users"]}
                page = [_entry(entry, action, names) for entry in answer["audit_log_entries"]]
            found += [entry for entry in page if entry.id < last]
            if len(page) < AUDIT_ENTRIES_A_PAGE or page[-1].id >= last:
                return found
            after = page[-1].id

    async def role_sizes(self, guild_id: int) -> dict[int, int]:
        """Count the members of each role of a guild: one call, no intent."""
        route = Route("GET", "/guilds/{guild_id}/roles/member-counts", guild_id=guild_id)
        async with self._asking(route, f"count the roles of guild {guild_id}"):
            answer = await self._http.request(route)
            return {snowflake(role_id): count(size) for role_id, size in answer.items()}

    async def member_kinds(self, guild_id: int) -> MemberKinds:
        """Count humans and bots by listing all members, 1,000 a call; needs the Server Members intent."""
        humans, bots, after = 0, 0, 0
        route = Route("GET", "/guilds/{guild_id}/members", guild_id=guild_id)
        while True:
            params = {"limit": MEMBERS_A_PAGE, "after": after}
            async with self._asking(route, f"list the members of guild {guild_id}"):
                page: list[Payload] = await self._http.request(route, params=params)
                of_bots = sum(bool(member["user"].get("bot")) for member in page)
                bots, humans = bots + of_bots, humans + len(page) - of_bots
                if len(page) < MEMBERS_A_PAGE:
                    return MemberKinds(humans, bots)
                after = int(page[-1]["user"]["id"])

    async def members_with(self, guild_id: int, roles: Collection[int]) -> dict[int, dict[int, str]]:
        """
        Return the humans with each of these roles, their shown names by id; needs the Server Members intent.

        All members are listed, 1,000 a call.
        """
        found: dict[int, dict[int, str]] = {role: {} for role in roles}
        route = Route("GET", "/guilds/{guild_id}/members", guild_id=guild_id)
        after = 0
        while True:
            params = {"limit": MEMBERS_A_PAGE, "after": after}
            async with self._asking(route, f"list the members of guild {guild_id}"):
                page: list[Payload] = await self._http.request(route, params=params)
            for member in page:
                user = member["user"]
                name = str(member.get("nick") or user.get("global_name") or user["username"])
                for role in found.keys() & {int(held) for held in member["roles"]} if not user.get("bot") else ():
                    found[role][int(user["id"])] = name
            if len(page) < MEMBERS_A_PAGE:
                return found
            after = int(page[-1]["user"]["id"])

    async def channel(self, channel_id: int) -> Payload:
        route = Route("GET", "/channels/{channel_id}", channel_id=channel_id)
        answer: Payload = await self._ask(route, f"read channel {channel_id}")
        return answer

    async def guild(self, guild_id: int) -> Payload:
        """Read a guild with its roles."""
        route = Route("GET", "/guilds/{guild_id}", guild_id=guild_id)
        answer: Payload = await self._ask(route, f"read guild {guild_id}")
        return answer

    async def member(self, guild_id: int, user_id: int) -> Payload:
        route = Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild_id, user_id=user_id)
        answer: Payload = await self._ask(route, f"read member {user_id}")
        return answer

    async def voice_channel(self, guild_id: int, user_id: int) -> int | None:
        """Return the channel in which a member sits; raises `Gone` where they sit in none."""
        route = Route("GET", "/guilds/{guild_id}/voice-states/{user_id}", guild_id=guild_id, user_id=user_id)
        async with self._asking(route, f"read the voice state of user {user_id}"):
            answer: Payload = await self._http.request(route)
            channel_id = answer.get("channel_id")
            return possible_snowflake(channel_id)

    async def add_role(self, guild_id: int, user_id: int, role_id: int, *, reason: str) -> None:
        """Give a member a role; needs MANAGE_ROLES and a higher role."""
        route = Route("PUT", ROLE_OF_MEMBER, guild_id=guild_id, user_id=user_id, role_id=role_id)
        await self._ask(route, f"give a role in guild {guild_id}", reason=reason)

    async def remove_role(self, guild_id: int, user_id: int, role_id: int, *, reason: str) -> None:
        """Take a role from a member; needs MANAGE_ROLES and a higher role."""
        route = Route("DELETE", ROLE_OF_MEMBER, guild_id=guild_id, user_id=user_id, role_id=role_id)
        await self._ask(route, f"take a role in guild {guild_id}", reason=reason)

    async def open_thread(self, channel_id: int, message_id: int, name: str) -> None:
        """Open a thread at a message; it has the message's id. Needs CREATE_PUBLIC_THREADS."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        route = Route("POST", path, channel_id=channel_id, message_id=message_id)
        async with self._asking(route, f"open a thread in channel {channel_id}"):
            await self._http.start_thread_with_message(channel_id, message_id, name=name, auto_archive_duration=4320)

    async def direct_channel(self, user_id: int) -> int:
        """Open the channel of direct messages with a user and return its id; the same again for the same user."""
        key = RequestKey("POST", "/users/@me/channels", str(user_id))
        what = f"write to user {user_id}"
        async with self._gate.passing(key, what), asking(what, within=self._within):
            answer = await self._http.request(Route(key.method, key.route), json={"recipient_id": str(user_id)})
        return int(answer["id"])

    async def create_channel(self, guild_id: int, channel: Payload, *, reason: str) -> int:
        """Make a channel (`name`, `type`, `permission_overwrites`) and return its id; needs MANAGE_CHANNELS."""
        route = Route("POST", "/guilds/{guild_id}/channels", guild_id=guild_id)
        answer = await self._ask(route, f"make a channel in guild {guild_id}", json=channel, reason=reason)
        return int(answer["id"])

    async def delete_channel(self, channel_id: int, *, reason: str) -> None:
        """Delete a channel; needs MANAGE_CHANNELS."""
        route = Route("DELETE", "/channels/{channel_id}", channel_id=channel_id)
        await self._ask(route, f"delete channel {channel_id}", reason=reason)

    async def rename_channel(
        self, channel_id: int, name: str, *, reason: str, before: Callable[[], Awaitable[None]] | None = None
    ) -> str:
        """
        Rename a channel and return the name that Discord shows; it allows two in ten minutes a channel.

        Args:
            name: the wish; Discord rewrites names of text channels.
            before: awaited when the gate has let the request through, before it is sent.

        """
        what = f"rename channel {channel_id}"
        route = Route("PATCH", "/channels/{channel_id}", channel_id=channel_id)
        async with self._gate.passing(_key(route), what):
            if before is not None:
                await before()
            if self._second is not None:
                self._second.renames(channel_id)
            async with asking(what, within=self._within):
                answer = await self._http.request(route, json={"name": name}, reason=reason)
                return str(answer["name"])

    async def send_message(self, channel_id: int, message: Payload, *, nonce: str, files: Files = ()) -> int:
        """
        Post a message and return its id; it pings nobody unless it brings `allowed_mentions`.

        Args:
            message: `content` and `embeds` as Discord's message create takes them.
            nonce: at most 25 characters; sent again within some minutes it yields the first message, not a second.
            files: names and contents of what is attached, 10 MiB each at the most.

        """
        body = {"allowed_mentions": NO_MENTIONS, **message, "nonce": nonce, "enforce_nonce": True}
        if self._second is not None:
            self._second.sends(nonce)
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        async with self._asking(route, f"write to channel {channel_id}"):
            sent = {"form": form_of(with_attachments(body, files), files)} if files else {"json": body}
            answer = await self._http.request(route, **sent)
            return snowflake(answer["id"])

    async def edit_message(self, channel_id: int, message_id: int, message: Payload) -> None:
        """
        Change a message of the bot's own in place; an archived thread is reopened first.

        In an archived thread Discord refuses edits (50083) but not new messages, which reopen it by themselves.
        """
        try:
            await self._edit_message(channel_id, message_id, message)
        except Refused as error:
            if error.code != THREAD_ARCHIVED:
                raise
            route = Route("PATCH", "/channels/{channel_id}", channel_id=channel_id)
            await self._ask(route, f"reopen the archived thread {channel_id}", json={"archived": False})
            await self._edit_message(channel_id, message_id, message)

    async def _edit_message(self, channel_id: int, message_id: int, message: Payload) -> None:
        route = Route(
            "PATCH", "/channels/{channel_id}/messages/{message_id}", channel_id=channel_id, message_id=message_id
        )
        async with self._edits.turn(channel_id, message_id), self._asking(route, f"edit message {message_id}"):
            await self._http.request(route, json={**message, "allowed_mentions": NO_MENTIONS})

    async def messages_since(self, channel_id: int, since: datetime) -> list[Payload]:
        """Return up to 100 messages of a channel, the oldest after `since` first; needs READ_MESSAGE_HISTORY."""
        return await self._messages(channel_id, limit=100, after=discord.utils.time_snowflake(since))

    async def latest_messages(self, channel_id: int) -> list[Payload]:
        """Return up to 50 messages of a channel, the newest first; needs READ_MESSAGE_HISTORY."""
        return (await self._messages(channel_id, limit=50))[::-1]

    async def _messages(self, channel_id: int, **params: int) -> list[Payload]:
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel_id)
        async with self._asking(route, f"read the history of channel {channel_id}"):
            answer: list[Payload] = await self._http.request(route, params=params)
            return sorted(answer, key=lambda message: int(message["id"]))


def with_attachments(message: Payload, files: Files) -> Payload:
    """Return the message that names the files sent with it (docs: Reference > "Uploading Files")."""
    if not files:
        return message
    return message | {"attachments": [{"id": str(number), "filename": name} for number, (name, _) in enumerate(files)]}


def form_of(body: Payload | None, files: Files) -> list[dict[str, Any]]:
    """Return the parts of a form that carries a JSON body and files (docs: Reference > "Uploading Files")."""
    whole = {"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}
    parts = [
        {
            "name": f"files[{number}]",
            "value": content,
            "filename": name,
            "content_type": "application/octet-stream",
        }
        for number, (name, content) in enumerate(files)
    ]
    return [whole, *parts]


def _key(route: Route) -> RequestKey:
    return RequestKey(route.method, route.path, route.major_parameters)


def _entry(entry: Payload, action: AuditAction, names: Mapping[str, str]) -> AuditEntry:
    return AuditEntry(snowflake(entry["id"]), action, snowflake(entry["target_id"]), names.get(entry["target_id"], ""))


def _counts(guild: Payload) -> PolledCounts:
    """Read the counts that Discord adds to a guild where it is asked for them (`with_counts`)."""
    return PolledCounts(count(guild["approximate_member_count"]), count(guild["approximate_presence_count"]))
