"""What the components of events do; each id carries the occurrence, so that any message works after any restart."""

from __future__ import annotations

from steward.client.interactions import Action

ANSWER = Action("events", "answer")  # occurrence, option
WITHDRAW = Action("events", "withdraw")  # occurrence
WHO = Action("events", "who")  # occurrence, page
NOTE = Action("events", "note")  # occurrence
NOTED = Action("events", "noted")  # occurrence
CALENDAR = Action("events", "calendar")  # occurrence

# An event in the making: each id carries its draft's.
WRITE = Action("events", "draft_write")
WRITTEN = Action("events", "draft_written")
WHERE = Action("events", "draft_channel")
REPEATS = Action("events", "draft_repeats")
REMINDERS = Action("events", "draft_reminders")
EXTRAS = Action("events", "draft_extras")
MEANT = Action("events", "draft_meant")  # and which reading of the time
PEOPLE = Action("events", "draft_people")
PEOPLE_SET = Action("events", "draft_people_set")
MORE = Action("events", "draft_more")
MORE_SET = Action("events", "draft_more_set")
POST_IT = Action("events", "draft_post")
DISCARD = Action("events", "draft_discard")

RESTORE = Action("events", "restore")  # occurrence
MOVE_TO = Action("events", "move_to")  # occurrence, wall time, how far it reaches
LIST = Action("events", "list")  # page, days
MINE = Action("events", "mine")  # page
PLAN_SET = Action("events", "plan_set")  # weekday, channel, minutes, seats or 0, template or nothing

POLL_MEANT = Action("events", "poll_meant")  # draft, which time, which reading of it
POLL_VOTE = Action("events", "poll_vote")  # poll, position
POLL_CLOSE = Action("events", "poll_close")  # poll
POLL_MAKE = Action("events", "poll_make")  # poll, position; of a menu without it
