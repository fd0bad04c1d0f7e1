"""A resource with the routes to list, read, create, update and delete its items, described by a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused, refuse_if
from steward.sim.rest.fields import Field, take
from steward.sim.rest.form import Form

Operation = Literal["list", "read", "create", "update", "delete"]


class ResourceChange(NamedTuple):
    """A change of an item: `CREATE`, `UPDATE` or `DELETE`, with its payloads; None if it did not or does not exist."""

    what: str
    item: Json
    before: Json | None
    after: Json | None


@dataclass(frozen=True, kw_only=True)
class Resource:
    """
    A resource whose items are stored as the payloads that Discord returns.

    Args:
        key: name of the path parameter for one item.
        unknown: error code for an unknown id, 0 if Discord documents none.
        once: further fields of the request that creates an item.
        require: checks the permissions for an operation and its item (None if new or unknown).
        emit: emits a change and writes it to the audit log.
        check: validates the fields together, given the form, its values and the old item.
        most: returns the maximum number of items and the error code beyond it.
        made: HTTP status of the response to a creation.

    """

    path: str
    key: str
    unknown: int
    fields: Mapping[str, Field]
    once: Mapping[str, Field] = field(default_factory=dict)
    store: Callable[[Call], MutableMapping[int, Json]]
    require: Callable[[Call, Operation, Json | None], None]
    make: Callable[[Call, Json], Json]
    emit: Callable[[Call, ResourceChange], None]
    check: Callable[[Call, Form, Json, Json | None], None] = lambda call, form, values, old: None
    most: Callable[[Call], tuple[int, int]] | None = None
    made: int = 200
    shown: Callable[[Call, Json], Json] = lambda call, found: found
    id_name: str = "id"

    def routes(self, *operations: Operation) -> tuple[Route, ...]:
        """Return the routes of these operations, by default of all."""
        one = f"{self.path}/{{{self.key}}}"
        known = {
            "list": Route("GET", self.path, self.all),
            "create": Route("POST", self.path, self.create),
            "read": Route("GET", one, self.one),
            "update": Route("PATCH", one, self.update),
            "delete": Route("DELETE", one, self.delete),
        }
        return tuple(route for operation, route in known.items() if not operations or operation in operations)

    def all(self, call: Call) -> Body:
        """List the items."""
        store = self.store(call)
        self.require(call, "list", None)
        return [self.shown(call, found) for found in store.values()]

    def one(self, call: Call) -> Body:
        """Read an item."""
        return self.shown(call, self.find(call, "read"))

    def create(self, call: Call) -> RestAnswer:
        """Create an item."""
        store = self.store(call)
        self.require(call, "create", None)
        values = self._values(call, None)
        if self.most is not None:
            most, code = self.most(call)
            refuse_if(len(store) >= most, code)
        made = self.make(call, values)
        store[int(made[self.id_name])] = made
        self.emit(call, ResourceChange("CREATE", made, None, made))
        return RestAnswer(self.made, self.shown(call, made))

    def update(self, call: Call) -> Body:
        """Update an item."""
        found = self.find(call, "update")
        before = dict(found)
        found |= self._values(call, found)
        self.emit(call, ResourceChange("UPDATE", dict(found), before, dict(found)))
        return self.shown(call, found)

    def delete(self, call: Call) -> None:
        """Delete an item."""
        found = self.find(call, "delete")
        del self.store(call)[int(found[self.id_name])]
        self.emit(call, ResourceChange("DELETE", found, found, None))

    def find(self, call: Call, operation: Operation) -> Json:
        """Return the item of the path, which must exist and be permitted."""
        found = self.store(call).get(call.id(self.key))
        if found is None:
            self.require(call, operation, None)  # without permission, existence is not revealed
            raise RestRefused.by_code(self.unknown) if self.unknown else RestRefused.by_status(404, "Not Found")
        self.require(call, operation, found)
        return found

    def _values(self, call: Call, old: Json | None) -> Json:
        form = call.form()
        values = take(form, self.fields if old is not None else {**self.fields, **self.once}, new=old is None)
        self.check(call, form, values, old)
        form.check()
        return values


_ACTIONS = ("CREATE", "UPDATE", "DELETE")


def log_change(call: Call, guild: Guild, first: int, change: ResourceChange, *, id_name: str = "id") -> None:
    """Write a change to the audit log; `first` is the number of the action that creates such an item."""
    action = first + _ACTIONS.index(change.what)
    call.log(guild, action, int(change.item[id_name]), before=change.before, after=change.after)
