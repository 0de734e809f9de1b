"""Senders, templates, limits and servers as records, as they stand at the start of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from policies.records import NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.tables import Records, records
from simulator.engine.model import Model
from simulator.feedback.limits import Limit
from simulator.feedback.pausing import Pausing


@dataclass(slots=True)
class Providers:
    """What events change of senders, templates, limits and servers."""

    senders: Records
    templates: Records
    sender_quality: Records
    template_quality: Records
    blocking: Records
    pausing: Records
    limits: Records
    servers: Records

    def copy(self) -> Providers:
        """Return records of their own for one replication."""
        return Providers(*(getattr(self, field.name).copy() for field in fields(self)))


def flat_providers(model: Model, own: Callable[[int], int]) -> Providers:
    """Return the records at the start; ``own`` gives a column of each person's row that begins with a value."""
    senders, templates = records(layout.SENDER, len(model.senders)), records(layout.TEMPLATE, len(model.templates))
    sender_quality = records(layout.QUALITY, len(model.senders))
    template_quality = records(layout.QUALITY, len(model.templates))
    blocking, pausing = records(layout.BLOCKING, len(model.senders)), records(layout.PAUSING, len(model.templates))
    of_channel = {sender.channel: sender.quality for sender in model.senders if sender.quality}
    for index, sender in enumerate(model.senders):
        row = senders[index]
        row.channel, row.limit, row.registered_at = sender.channel, sender.limit, sender.registered_at
        row.rated, row.blocks = sender.quality is not None, sender.blocking is not None
        if sender.quality is not None:
            _set_quality(sender_quality[index], sender.quality)
        if sender.blocking is not None:
            block = blocking[index]
            block.warn_ppm, block.block_ppm, block.minimum, block.block_for = sender.blocking
            block.blocked_until, block.hour = -NEVER, -1
    for index, template in enumerate(model.templates):
        row = templates[index]
        row.channel, row.state, row.since = template.channel, template.state, template.registered_at
        row.rated = template.channel in of_channel
        if template.channel in of_channel:
            _set_quality(template_quality[index], of_channel[template.channel])
        _set_pausing(pausing[index], model.channels[template.channel].pauses)
    return Providers(
        senders, templates, sender_quality, template_quality, blocking, pausing, _limits(model, own), _servers(model)
    )


def _set_quality(row: object, numbers: tuple[int, int, int]) -> None:
    row.yellow_ppm, row.red_ppm, row.minimum = numbers  # type: ignore[attr-defined]
    row.day = -1  # type: ignore[attr-defined]


def _set_pausing(row: object, lengths: tuple[int, ...]) -> None:
    fresh = Pausing(lengths)
    assert fresh.count <= layout.PAUSES
    row.lengths[: fresh.count] = lengths  # type: ignore[attr-defined]
    row.count, row.paused_until = fresh.count, fresh.paused_until  # type: ignore[attr-defined]


def _limits(model: Model, own: Callable[[int], int]) -> Records:
    """Return the limits; the queues of their counted deliveries follow those of servers and timers."""
    rows = records(layout.LIMIT, len(model.limits))
    for index, limit in enumerate(model.limits):
        row, fresh = rows[index], Limit(limit.era, limit.level)
        assert fresh.count <= layout.LEVELS_OF_LIMIT
        row.levels[: fresh.count] = fresh.levels
        for name in ("count", "level", "upgrade_after", "upgrade_numerator", "upgrade_denominator",
                     "lowered_by_quality", "flagged_for", "flagged_at", "upgrade_at"):  # fmt: skip
            setattr(row, name, getattr(fresh, name))
        row.sender = next(place for place, sender in enumerate(model.senders) if sender.limit == index)
        row.own_last = own(-NEVER)
        row.day_queue = layout.FIXED_QUEUES + len(model.servers) + 2 * index
        row.week_queue = row.day_queue + 1
    return rows


def _servers(model: Model) -> Records:
    rows = records(layout.SERVER, len(model.servers))
    for index, (numerator, denominator) in enumerate(model.servers):
        row = rows[index]
        row.numerator, row.denominator, row.queue = numerator, denominator, layout.FIXED_QUEUES + index
    return rows
