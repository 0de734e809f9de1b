"""Words of the log and purposes of draws as the integers that compiled code uses: E_ events, R_ reasons, D_ draws."""

from __future__ import annotations

import numpy as np

from policies.kinds.base import TEMPLATE_STATES
from simulator.draws import PURPOSE
from simulator.engine.log import EVENT, REASON

(
    E_RELEASED, E_HELD_OUT, E_SKIPPED, E_ABSENT, E_HELD, E_DENIED, E_EXPIRED, E_SUPPRESSED, E_CANCELLED, E_SUBMITTED,
    E_REJECTED, E_ACCEPTED, E_DELIVERED, E_FAILED, E_LAPSED, E_READ, E_CLICKED, E_REPLIED, E_PURCHASED, E_COMPLAINED,
    E_UNSUBSCRIBED, E_RECEIPT_REPEATED, E_ANSWERED, E_AUTO_REPLIED, E_ENDED, E_SESSION_OPENED, E_LIMIT_CHANGED,
    E_QUALITY_CHANGED, E_TEMPLATE_STATE, E_SENDER_STATE, E_STAFF, E_BUDGET_STOPPED,
) = (
    EVENT[name] for name in (
        "released", "held_out", "skipped", "absent", "held", "denied", "expired", "suppressed", "cancelled",
        "submitted", "rejected", "accepted", "delivered", "failed", "lapsed", "read", "clicked", "replied",
        "purchased", "complained", "unsubscribed", "receipt_repeated", "answered", "auto_replied", "ended",
        "session_opened", "limit_changed", "quality_changed", "template_state", "sender_state", "staff",
        "budget_stopped",
    )
)  # fmt: skip

R_NONE = REASON[""]
(
    R_EXHAUSTED, R_GUARD, R_CAMPAIGN_END, R_HORIZON, R_BUDGET, R_DEAD_NUMBER, R_NOT_ACCEPTED, R_OUTAGE,
    R_SENDER_NOT_REGISTERED, R_TEMPLATE_NOT_APPROVED, R_TEMPLATE_PAUSED, R_TEMPLATE_DISABLED, R_LIMIT,
    R_SENDER_BLOCKED, R_DAILY_CAP, R_UNREACHABLE, R_DEAD, R_VALIDITY, R_MESSAGE, R_WITHOUT_MESSAGE, R_HOLD_OUT,
    R_NO_ADDRESS, R_NEEDS_SMARTPHONE, R_UNKNOWN_INPUT, R_NO_COMMON_WINDOW, R_DENIED, R_UPGRADE, R_QUALITY, R_PAUSED,
    R_RESUMED, R_DISABLED, R_WARNED, R_BLOCKED, R_RELEASED, R_BEGINS, R_ENDS, R_OFF_HOURS,
) = (
    REASON[name] for name in (
        "exhausted", "guard", "campaign_end", "horizon", "budget", "dead_number", "not_accepted", "outage",
        "sender_not_registered", "template_not_approved", "template_paused", "template_disabled", "limit",
        "sender_blocked", "daily_cap", "unreachable", "dead", "validity", "message", "without_message", "hold_out",
        "no_address", "needs_smartphone", "unknown_input", "no_common_window", "denied", "upgrade", "quality",
        "paused", "resumed", "disabled", "warned", "blocked", "released", "begins", "ends", "off_hours",
    )
)  # fmt: skip
RATING_REASONS = (REASON["green"], REASON["yellow"], REASON["red"])
STOP_REASONS = (REASON["delivered"], REASON["read"], REASON["clicked"], REASON["purchased"], 0)
"""By stop condition (``model.STOP_STATES``): how the log says that a cascade ended by it."""

(
    D_RELEASE, D_HOLD_OUT, D_BASE_PURCHASE, D_HOLD_JITTER, D_ACCEPTED, D_DELIVERED, D_DELIVERY, D_RECEIPT_LOST,
    D_RECEIPT_DELAY, D_RECEIPT_REPEATED, D_REPEAT_DELAY, D_READ, D_READING, D_READ_HIDDEN, D_READ_RECEIPT_DELAY,
    D_CLICKED, D_CLICKING, D_REPLIED, D_REPLYING, D_PURCHASED, D_PURCHASING, D_COMPLAINED, D_COMPLAINING,
    D_UNSUBSCRIBED, D_UNSUBSCRIBING, D_DURATION, D_FAILURE_DELAY, D_ANSWERING, D_ENGAGEMENT,
) = (
    np.uint64(PURPOSE[name]) for name in (
        "release", "hold_out", "base_purchase", "hold_jitter", "accepted", "delivered", "delivery", "receipt_lost",
        "receipt_delay", "receipt_repeated", "repeat_delay", "read", "reading", "read_hidden", "read_receipt_delay",
        "clicked", "clicking", "replied", "replying", "purchased", "purchasing", "complained", "complaining",
        "unsubscribed", "unsubscribing", "duration", "failure_delay", "answering", "engagement",
    )
)  # fmt: skip

APPROVED, PAUSED, DISABLED = (TEMPLATE_STATES.index(name) for name in ("approved", "paused", "disabled"))
