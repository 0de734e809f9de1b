"""The contract of a kind: the answers, the rule row, the attempt vector.

A *kind* is a module with

``schema``      JSON Schema (2020-12) of its parameters, a ``dict``
``prepare(rule, context) -> list[list[int]]``  one or more parameter lists (at most 8 integers each), Python, once a run
``state_size(row) -> int``   how many int64 cells of history it keeps for each scope key (0: none)
``initial(row) -> list[int]`` those cells before the first message (a kind with cells only)
``observe(p, a, s) -> None`` updates the cells ``s[p[P_STATE]:...]`` after a message was handed over
``evaluate(p, a, s, ...) -> int``  an answer; further flat arrays as the module needs, no side effects, compilable
``boundaries(p) -> list``    the instants of a local day (microseconds) and the values where the answer changes
``spans(p) -> list``         for kinds that look at earlier events: their ages at which the answer may change
``explain(rule, answer, a) -> str``  a sentence for the report

An *answer* is one int64: PASS, FAIL, REVIEW, UNKNOWN, or a positive number: it fails until that instant.
"""

from __future__ import annotations

PASS = 0
FAIL = -1
REVIEW = -2
UNKNOWN = -3

NOT_APPLICABLE = -4
"""The rule does not speak of this message; given by the gate and the audit, never by a kind."""

FAILS_UNTIL = 1
"""In a narrow matrix of answers, in place of the instant until which a rule fails."""

ANSWER_NAMES = {PASS: "pass", FAIL: "fail", REVIEW: "review", UNKNOWN: "unknown", NOT_APPLICABLE: "not applicable"}

# A rule row: int64[P_WIDTH].
P_KIND = 0  # index in KINDS
P_CHANNELS = 1  # bit mask over records.CHANNELS
P_CATEGORIES = 2  # bit mask over records.CATEGORIES
P_COUNTRIES = 3  # bit mask over People.countries; -1: everywhere
P_FROM = 4  # in force from this instant (inclusive)
P_TO = 5  # in force until this instant (exclusive)
P_STATE = 6  # offset of its cells in the recipient's state
P_RULE = 7  # index of the rule this row belongs to; several rows may share one rule
P_SEVERITY = 8  # index in SEVERITIES
P_0, P_1, P_2, P_3, P_4, P_5, P_6, P_7 = range(9, 17)  # the kind's own parameters
P_ROW = 17  # number of the row in its table
P_PARTLY = 18  # bit mask over People.countries: those of which the rule names only a part
P_WHEN = 19  # 1 + the place of the two bits of its guard in A_WHEN; 0: it has none
P_WIDTH = 20

SEVERITIES = ("block", "error", "warn", "info")

# The attempt vector: int64[A_WIDTH], one message that is about to be handed over. MISSING where not known.
A_AT = 0  # instant, UTC
A_LOCAL = 1  # the recipient's wall clock in the zone under judgement, microseconds since 1970-01-01 local
A_ZONE = 2  # index of that zone in the zone tables
A_CALENDAR = 3  # row of the day-class table; -1 unknown
A_RECIPIENT = 4  # dense index in People
A_CHANNEL = 5
A_CATEGORY = 6
A_CAMPAIGN = 7
A_SENDER = 8
A_TEMPLATE = 9
A_TEXT = 10  # index of the distinct text; MISSING when the text is not known
A_COUNTRY = 11  # index in People.countries
A_BRAND = 12  # index in Context.brands
A_VALIDITY = 13  # microseconds the provider may go on trying
A_OPT_OUT_AT = 14  # when the person opted out of this channel (or of all); NEVER: did not
A_OPT_OUT_RECEIVED_AT = 15  # when the company learned of it
A_TEMPLATE_STATE = 16  # index in TEMPLATE_STATES
A_TEMPLATE_SINCE = 17  # instant of its registration with the provider; NEVER: not registered
A_LAST_INBOUND = 18  # instant of the person's last message on this channel; -NEVER: none
A_ORDERS = 19  # number of orders so far
A_LAST_ORDER_AT = 20  # instant of the last order; -NEVER: none
A_OVERDUE_SINCE = 21  # instant since which a debt is overdue; NEVER: none
A_SENT_BEFORE = 22  # messages handed over to this recipient by this sender before
A_CONSENTS = 23  # the recipient's set of consents, People.consent_set; filled in by the gate and the audit
A_WHEN = 24  # two bits a guard of the rule table: W_SILENT, W_SPEAKS, W_DOUBTFUL; MISSING: all in doubt
A_WIDTH = 25

W_SILENT, W_SPEAKS, W_DOUBTFUL = 0, 1, 2
"""What the guard of a rule (``when``, ``unless``) says of a message; in doubt where a fact that decides is missing."""

TEMPLATE_STATES = ("draft", "pending", "approved", "rejected", "paused", "disabled")
