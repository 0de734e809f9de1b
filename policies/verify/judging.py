"""What rules answer at one instant of a schedule: the gate's own functions on an attempt that is put together here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from policies.arrays import Arrays
from policies.expressions.conditions import CELLS, Filler
from policies.gate import DUPLICATE, FREQUENCY_CAP, REMEMBERING, TIME_WINDOW, Gate, evaluate_row, observe_row, place
from policies.kinds import base as k
from policies.kinds.duplicate import wording_of
from policies.people import C_FROM
from policies.records import MISSING, NEVER
from policies.tables import RuleTable
from policies.verify.cuts import sort_of
from policies.verify.plan import Plan, Step

ASKED = tuple(sorted(set(CELLS.values())))
"""The cells of an attempt from which ``when`` and ``unless`` get their facts; attributes go by the person."""

OF_WINDOW = (k.A_AT, k.A_RECIPIENT, k.A_CHANNEL, k.A_CATEGORY, k.A_WHEN)
"""The cells of an attempt by which a time window may answer otherwise; country and clock go by the person."""


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to the person, by instant: NEVER or -NEVER where it did not, as the attempt vector has it."""

    agreed: int = NEVER
    ordered: int = -NEVER
    left: int = NEVER
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message handed over before: its step, the instant, and whether the provider took it."""

    step: int
    at: int
    taken: bool = True


@dataclass(slots=True)
class Judge:
    """The rows of one table as the verifier asks them. ``own``: they count what a provider refused as well."""

    plan: Plan
    table: RuleTable
    own: bool
    rows: list[list[int]] = field(init=False)
    sorts: list[str] = field(init=False)
    """What each row looks back at (``cuts.sort_of``)."""
    _gate: Gate = field(init=False)
    _arrays: Arrays = field(init=False)
    _fill: Filler = field(init=False)
    _remembered: dict[tuple[int, int], bool] = field(default_factory=dict)
    _said: dict[tuple[int, ...], int] = field(default_factory=dict)
    _windows: dict[tuple[int, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = self.table.rows.tolist()
        self.sorts = [sort_of(row) for row in self.rows]
        self._gate = Gate(self.table, self.plan.tables, self.plan.people)
        self._arrays = self.plan.tables.lists(self.table)
        self._fill = self.table.conditions.filler(self.plan.names, self.plan.base)

    def speaking(self, step: Step) -> list[int]:
        """Return the rows that may speak of a step's message."""
        return self._gate.speaking(step.channel, step.category)

    def fixed(self, row: int) -> bool:
        """Say whether the row's answer depends on the instant alone, for one person and one step."""
        return not self.sorts[row]

    def facts(self, row: int) -> frozenset[str]:
        """Return what ``when`` and ``unless`` of the row ask for."""
        return self.table.guard_of_row(row).facts if self.conditional(row) else frozenset()

    def conditional(self, row: int) -> bool:
        """Say whether the row has a ``when`` or ``unless``."""
        return bool(self.rows[row][k.P_WHEN])

    def memory(self, row: int) -> int:
        """Return how many of the messages that the row has taken in may still matter to it."""
        kind = self.rows[row][k.P_KIND]
        if kind not in REMEMBERING:
            return 0
        return self.rows[row][k.P_0] if kind == FREQUENCY_CAP else self.rows[row][k.P_2] if kind == DUPLICATE else 1

    def remembers(self, row: int, message: Message) -> bool:
        """Say whether the row takes a message into its history: it is asked to, and looked at afterwards."""
        key = row, message.step
        if key not in self._remembered:
            state, before = self._gate.new_state(), self._gate.new_state()
            observe_row(self.rows[row], self._attempt(0, self.plan.steps[message.step], 1, Past(), 0, 0), state)
            self._remembered[key] = state != before
        return self._remembered[key] and (self.own or message.taken)

    def looks_at(self, row: int, text: int, sent: Sequence[tuple[int, bool]]) -> list[int]:
        """Return the places of the messages handed over before (step, taken) on whose age the row's answer may depend.

        Of a cap that is the oldest of the last so many, and none while there are fewer; of repetitions of a text the
        last message that says the same. What may hold a message comes last.
        """
        mine = [place for place, (step, taken) in enumerate(sent) if self.remembers(row, Message(step, 0, taken))]
        if self.rows[row][k.P_KIND] == FREQUENCY_CAP:
            most = self.rows[row][k.P_0]
            return mine[-most:][:1] if len(mine) >= most else []
        return self._repeated(row, text, sent, mine) if self.rows[row][k.P_KIND] == DUPLICATE else []

    def _repeated(self, row: int, text: int, sent: Sequence[tuple[int, bool]], mine: list[int]) -> list[int]:
        """Return those messages that may say the same as a text; all where one is not known, or there are too many."""
        texts = {place: self.plan.steps[sent[place][0]].texts[0] for place in mine}
        wordings = self._arrays.wordings
        same = [place for place in mine if wording_of(texts[place], wordings) == wording_of(text, wordings)]
        if len(mine) < self.rows[row][k.P_2] and min(text, *texts.values(), 0) == 0:
            return same[-1:]
        return [*(place for place in mine if place not in same), *same]

    def answers(
        self, rows: Sequence[int], person: int, step: Step, at: int, past: Past, consents: int, text: int,
        sent: Sequence[Message] = (), before: int = 0, vector: int = 0,
    ) -> list[int]:  # fmt: skip
        """Return the answers of ``rows`` to the step's message at ``at``; ``consents`` is a place in ``Plan.sets``.

        ``before`` is the number of messages that the sender has handed over to the person, whose attributes are those
        of ``vector``, a place in ``Plan.vectors``.
        """
        for row in self.plan.sets[consents].rows:
            self._arrays.consents[row][C_FROM] = past.agreed
        a = self._attempt(person, step, at, past, consents, text)
        zone_from, zone_to = self._gate.fill(person, a)
        a[k.A_CONSENTS], a[k.A_SENT_BEFORE] = consents, before
        a[k.A_WHEN] = self._when(a, vector)
        state = self._state(sent, past, text) if sent else self._gate.new_state()
        first = self._arrays.set_zones[zone_from] if zone_to > zone_from else -1

        def ask(row: int) -> int:
            place(a, first, self._arrays)
            return evaluate_row(self.rows[row], a, state, zone_from, zone_to, self._arrays)

        return [self._window(row, a, ask) if self.rows[row][k.P_KIND] == TIME_WINDOW else ask(row) for row in rows]

    def _window(self, row: int, attempt: list[int], ask: Callable[[int], int]) -> int:
        """Return the answer of a time window, found before or now: steps of a channel share its boundaries."""
        key = (row, *(attempt[cell] for cell in OF_WINDOW))
        if key not in self._windows:
            self._windows[key] = ask(row)
        return self._windows[key]

    def _when(self, attempt: list[int], vector: int) -> int:
        """Return what ``when`` and ``unless`` of the rows say of the message, as the gate and the audit ask them."""
        if not self.table.conditions:
            return 0
        of = self.plan.vectors[vector]
        key = (of.traits, *(attempt[cell] for cell in ASKED))
        if key not in self._said:
            one = np.array([attempt], np.int64)
            one[0, k.A_RECIPIENT] = of.example
            self._fill(one)
            self._said[key] = int(one[0, k.A_WHEN])
        return self._said[key]

    def _state(self, sent: Sequence[Message], past: Past, text: int) -> list[int]:
        state = self._gate.new_state()
        for message in sent:
            if self.own or message.taken:
                step = self.plan.steps[message.step]
                self._gate.observe(self._attempt(0, step, message.at, past, 0, step.texts[0]), state)
        return state

    def _attempt(self, person: int, step: Step, at: int, past: Past, consents: int, text: int) -> list[int]:
        a = [MISSING] * k.A_WIDTH
        a[k.A_AT], a[k.A_RECIPIENT], a[k.A_CHANNEL], a[k.A_CATEGORY] = at, person, step.channel, step.category
        a[k.A_CAMPAIGN], a[k.A_SENDER], a[k.A_TEMPLATE], a[k.A_TEXT] = step.campaign, step.sender, step.template, text
        a[k.A_BRAND], a[k.A_VALIDITY] = step.brand, step.validity
        a[k.A_OPT_OUT_AT] = a[k.A_OPT_OUT_RECEIVED_AT] = past.left
        a[k.A_TEMPLATE_STATE], a[k.A_TEMPLATE_SINCE] = step.template_state, step.template_since
        a[k.A_LAST_INBOUND], a[k.A_ORDERS], a[k.A_LAST_ORDER_AT] = -NEVER, past.orders, past.ordered
        a[k.A_OVERDUE_SINCE] = NEVER
        a[k.A_SENT_BEFORE] = 0
        a[k.A_CONSENTS] = consents
        return a
