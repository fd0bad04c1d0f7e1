"""A resource of plain things by id, as a table: listed, read, made, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.fields import Field, take
from steward.sim.rest.form import Form

Deed = Literal["list", "read", "create", "update", "delete"]


class Done(NamedTuple):
    """What was done to a thing: `CREATE`, `UPDATE` or `DELETE`, and how it was before and is after, None for not."""

    what: str
    thing: Json
    before: Json | None
    after: Json | None


@dataclass(frozen=True, kw_only=True)
class Resource:
    """
    Things that are kept as Discord shows them.

    Args:
        path: where all of them are.
        key: the name of the path's parameter for one of them.
        unknown: the code of the refusal where there is none of that id; 0 where Discord documents none.
        fields: what a request may say of one.
        once: what only the request that makes one may say.
        store: returns where they are kept, by id.
        need: insists on what a deed takes; it gets the thing, None where there is none yet. It may raise `RestRefused`.
        make: returns a new thing from its fields; it may raise `RestRefused`.
        tell: tells everybody, and the audit log, what was done, as `Done`.
        check: complains of what fields alone cannot tell; gets the form, what it says, and the thing as it was.
        most: how many there may be at most, and the code of the refusal of one more.
        made: the status of the answer that brings a new one.
        shown: returns a thing as an answer shows it.
        id_name: the field that holds its id.

    """

    path: str
    key: str
    unknown: int
    fields: Mapping[str, Field]
    once: Mapping[str, Field] = field(default_factory=dict)
    store: Callable[[Call], MutableMapping[int, Json]]
    need: Callable[[Call, Deed, Json | None], None]
    make: Callable[[Call, Json], Json]
    tell: Callable[[Call, Done], None]
    check: Callable[[Call, Form, Json, Json | None], None] = lambda call, form, said, old: None
    most: Callable[[Call], tuple[int, int]] | None = None
    made: int = 200
    shown: Callable[[Call, Json], Any] = lambda call, found: found
    id_name: str = "id"

    def routes(self, *deeds: Deed) -> tuple[Route, ...]:
        """Return the routes of some deeds, by default of all."""
        one = f"{self.path}/{{{self.key}}}"
        known = {
            "list": Route("GET", self.path, self.all),
            "create": Route("POST", self.path, self.create),
            "read": Route("GET", one, self.one),
            "update": Route("PATCH", one, self.update),
            "delete": Route("DELETE", one, self.delete),
        }
        return tuple(route for deed, route in known.items() if not deeds or deed in deeds)

    def all(self, call: Call) -> RestAnswer:
        """Answer with all of them."""
        store = self.store(call)
        self.need(call, "list", None)
        return RestAnswer(200, [self.shown(call, found) for found in store.values()])

    def one(self, call: Call) -> RestAnswer:
        """Answer with one of them."""
        return RestAnswer(200, self.shown(call, self.find(call, "read")))

    def create(self, call: Call) -> RestAnswer:
        """Make one."""
        store = self.store(call)
        self.need(call, "create", None)
        said = self._said(call, None)
        if self.most is not None:
            most, code = self.most(call)
            if len(store) >= most:
                raise RestRefused.by_code(code)
        made = self.make(call, said)
        store[int(made[self.id_name])] = made
        self.tell(call, Done("CREATE", made, None, made))
        return RestAnswer(self.made, self.shown(call, made))

    def update(self, call: Call) -> RestAnswer:
        """Change one."""
        found = self.find(call, "update")
        before = dict(found)
        found |= self._said(call, found)
        self.tell(call, Done("UPDATE", dict(found), before, dict(found)))
        return RestAnswer(200, self.shown(call, found))

    def delete(self, call: Call) -> RestAnswer:
        """Delete one."""
        found = self.find(call, "delete")
        del self.store(call)[int(found[self.id_name])]
        self.tell(call, Done("DELETE", found, found, None))
        return RestAnswer(204)

    def find(self, call: Call, deed: Deed) -> Json:
        """
        Return the thing that the path names.

        Raises:
            Refused: there is none, or the bot may not do that.

        """
        found = self.store(call).get(call.id(self.key))
        if found is None:
            self.need(call, deed, None)  # who may not touch any is not told that this one is missing
            raise RestRefused.by_code(self.unknown) if self.unknown else RestRefused.by_status(404, "Not Found")
        self.need(call, deed, found)
        return found

    def _said(self, call: Call, old: Json | None) -> Json:
        form = call.form()
        said = take(form, self.fields if old is not None else {**self.fields, **self.once}, new=old is None)
        self.check(call, form, said, old)
        form.check()
        return said


_PLACES = ("CREATE", "UPDATE", "DELETE")


def note(call: Call, guild: Guild, first: int, done: Done, *, id_name: str = "id") -> None:
    """Write what was done into the audit log; `first` is the number of the action that makes such a thing."""
    action = first + _PLACES.index(done.what)
    call.log(guild, action, int(done.thing[id_name]), before=done.before, after=done.after)
