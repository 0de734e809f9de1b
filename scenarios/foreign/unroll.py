"""Rows out of nested JSON: lists within an answer of a provider, webhooks, objects within objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]
DEEPEST = 4
"""Levels of objects within objects that get columns of their own, as ``status.name``; *assumed*."""
NO_WEBHOOK = "is no webhook of WhatsApp: it has neither entry nor status"


@dataclass(frozen=True, slots=True)
class Shape:
    """How JSON holds its rows: in lists called one of ``rows_in``, or in one of SHAPES."""

    rows_in: tuple[str, ...] = ()
    name: str = "rows"

    def __call__(self, document: Object) -> Iterator[Object | str]:
        """Yield the rows of a JSON object, flat; a text says what is wrong with it."""
        for held in _held(document, self.rows_in):
            yield from SHAPES[self.name](held)


def flat(row: Object, before: str = "", depth: int = 1) -> dict[str, Any]:
    """Return the object with what stands in objects within it under names such as ``status.name``."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and value and depth < DEEPEST:
            found |= flat(value, f"{before}{name}.", depth + 1)
        else:
            found[before + name] = value
    return found


def _held(document: Object, names: Sequence[str]) -> Iterator[Object]:
    lists = [document[name] for name in names if isinstance(document.get(name), list)]
    if not lists:
        yield document
    for rows in lists:
        yield from (row for row in rows if isinstance(row, dict))


def _row(row: Object) -> Iterator[Object | str]:
    yield flat(row) if any(isinstance(value, dict) for value in row.values()) else row


def _webhook(body: Object) -> Iterator[Object | str]:
    """Yield a row for each status, message and preference of a webhook, or of a status that stands alone."""
    if "entry" not in body and "status" not in body:
        yield NO_WEBHOOK
        return
    if "entry" not in body:
        yield _status(body, "")
    for entry in _objects(body, "entry"):
        for change in _objects(entry, "changes"):
            yield from _changed(_object(change, "value"))


def _changed(value: Object) -> Iterator[Object]:
    ours = str(_object(value, "metadata").get("display_phone_number", ""))
    yield from (_status(status, ours) for status in _objects(value, "statuses"))
    yield from (_message(message, ours) for message in _objects(value, "messages"))
    yield from (_preference(wish, ours) for wish in _objects(value, "user_preferences"))


def _status(status: Object, ours: str) -> Object:
    kind = _object(status, "pricing").get("category") or _object(_object(status, "conversation"), "origin").get("type")
    errors = _objects(status, "errors")
    return {
        "id": status.get("id"), "status": status.get("status"), "timestamp": status.get("timestamp"),
        "person": status.get("recipient_id") or status.get("recipient_user_id"), "number": ours, "direction": "out",
        "category": kind, "error": errors[0].get("code") if errors else None, "text": None,
    }  # fmt: skip


def _message(message: Object, ours: str) -> Object:
    interactive = _object(message, "interactive")
    text = (
        _object(message, "text").get("body")
        or _object(message, "button").get("text")
        or _object(interactive, "button_reply").get("title")
        or _object(interactive, "list_reply").get("title")
    )
    return {
        "id": message.get("id"), "status": "received", "timestamp": message.get("timestamp"),
        "person": message.get("from") or message.get("from_user_id"), "number": ours, "direction": "in",
        "category": None, "error": None, "text": text,
    }  # fmt: skip


def _preference(wish: Object, ours: str) -> Object:
    return {
        "id": None, "status": wish.get("value"), "timestamp": wish.get("timestamp"),
        "person": wish.get("wa_id") or wish.get("user_id"), "number": ours, "direction": "in", "category": None,
        "error": None, "text": None,
    }  # fmt: skip


def _objects(holder: Object, name: str) -> list[Object]:
    held = holder.get(name)
    return [item for item in held if isinstance(item, dict)] if isinstance(held, list) else []


def _object(holder: Object, name: str) -> Object:
    held = holder.get(name)
    return held if isinstance(held, dict) else {}


SHAPES: dict[str, Callable[[Object], Iterator[Object | str]]] = {"rows": _row, "whatsapp_webhooks": _webhook}
