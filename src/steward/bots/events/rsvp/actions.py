"""What the components of events do; each id carries the occurrence, so that any message works after any restart."""

from __future__ import annotations

from steward.bots.events.model.series import read_wall
from steward.client.components import Action
from steward.client.components.actions import number, page, up_to

DAYS = up_to(366)

ANSWER = Action("events", "answer", args=(number, str))  # occurrence, option
WITHDRAW = Action("events", "withdraw", args=(number,))  # occurrence
WHO = Action("events", "who", args=(number, page))  # occurrence, page
NOTE = Action("events", "note", args=(number,))  # occurrence
NOTED = Action("events", "noted", args=(number,))  # occurrence
CALENDAR = Action("events", "calendar", args=(number,))  # occurrence

# An event in the making: each id carries its draft's.
WRITE = Action("events", "draft_write", args=(number,))
WRITTEN = Action("events", "draft_written", args=(number,))
WHERE = Action("events", "draft_channel", args=(number,))
REPEATS = Action("events", "draft_repeats", args=(number,))
REMINDERS = Action("events", "draft_reminders", args=(number,))
EXTRAS = Action("events", "draft_extras", args=(number,))
MEANT = Action("events", "draft_meant", args=(number, number))  # and which reading of the time
PEOPLE = Action("events", "draft_people", args=(number,))
PEOPLE_SET = Action("events", "draft_people_set", args=(number,))
MORE = Action("events", "draft_more", args=(number,))
MORE_SET = Action("events", "draft_more_set", args=(number,))
POST_IT = Action("events", "draft_post", args=(number,))
DISCARD = Action("events", "draft_discard", args=(number,))

RESTORE = Action("events", "restore", args=(number,))  # occurrence
MOVE_TO = Action("events", "move_to", args=(number, read_wall), optional=(str,))  # occurrence, to, how far it reaches
LIST = Action("events", "list", args=(page, DAYS))  # page, days
MINE = Action("events", "mine", args=(page,))  # page
# weekday, channel, minutes, seats or 0, template or nothing
PLAN_SET = Action("events", "plan_set", args=(number, number, number, number, str))

POLL_MEANT = Action("events", "poll_meant", args=(number, number, number))  # draft, which time, which reading of it
POLL_VOTE = Action("events", "poll_vote", args=(number, number))  # poll, position
POLL_CLOSE = Action("events", "poll_close", args=(number,))  # poll
POLL_MAKE = Action("events", "poll_make", args=(number,), optional=(number,))  # poll, position; of a menu without it
