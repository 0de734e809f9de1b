"""The rules about messages that are broken: what the planter knows by their words, and the audit by its code."""

from __future__ import annotations

WRITTEN_TO = "channels: [email, sms, viber, vk, whatsapp]"
"""Channels whose hours are kept; bans and statements have limits at midnight, and channels of their own."""


def called(channel: str, category: str) -> str:
    """Return the scope of a rule that has a channel and a category to itself."""
    return f"channels: [{channel}], categories: [{category}]"


CALLING_HOURS = """
    workday: ["09:00", "20:00"], dayoff: ["10:00", "18:00"], holiday: ["11:00", "16:00"],
    weekdays: {sun: ["12:00", "15:00"]}, pause: ["13:00", "14:00"], end_inclusive: true
"""
RULES: tuple[tuple[str, str, str, str], ...] = (
    ("HOUR", "time_window", WRITTEN_TO, '{workday: ["09:00", "21:00"]}'),
    ("CAP", "frequency_cap", "", "{caps: [{count: 2, period: roll_24h}]}"),
    ("CONS", "consent", "channels: [sms]", "{match: [channel], max_age_days: 3650}"),
    ("OUT", "opt_out", "channels: [email, sms, viber, vk, whatsapp, telegram, push]", "{grace_minutes: 10}"),
    ("BAN", "channel_ban", "channels: [telegram]", '{countries: [RU], since: "2026-11-11", until: "2026-11-18"}'),
    ("TPL", "template", "", "{}"),
    ("TEXT", "content", "channels: [sms]", "{check: opt_out_instruction, answer: fail}"),
    ("PARTS", "content", "channels: [sms]", "{check: sms_segments, limit: 1}"),
    ("COOL", "cool_down", "", "{orders: 1, inactive_days: 60, pause_days: 75}"),
    ("DUP", "duplicate", "", "{minutes: 1440}"),
    ("FIRST", "first_contact", "channels: [viber]", "{require: earlier_message, input: wrote_before}"),
    ("ZONE", "known_zone", "", "{}"),
    ("REG", "registry", "", "{register: us-dnc, must: be_absent, effective_after_days: 31}"),
    ("WINDOW", "service_window", "channels: [whatsapp]", "{hours: 24}"),
    ("SESSION", "session_cap", "channels: [vk]", "{hours: 72, unanswered: 1, per_session: 5}"),
    ("VALID", "validity", "", "{min_s: 60, max_s: 3600}"),
    ("STATED", "attestation", "channels: [push]", "{input: list_checked, max_age_days: 2}"),
    ("DAILY", "frequency_cap", called("flash_call", "poll"), "{caps: [{count: 1, period: cal_day}]}"),
    ("WEEKLY", "frequency_cap", called("flash_call", "service"), "{caps: [{count: 1, period: cal_week}]}"),
    ("MONTHLY", "frequency_cap", called("flash_call", "transactional"), "{caps: [{count: 1, period: cal_month}]}"),
    ("SEVEN", "frequency_cap", called("flash_call", "authentication"), "{caps: [{count: 1, period: cal_7d}]}"),
    ("GRACE", "opt_out", called("voice", "poll"), "{grace_business_days: 2}"),
    ("ORDER", "consent", called("voice", "service"), "{match: [channel], or_order_within_days: 30}"),
    ("LATE", "validity", called("voice", "transactional"), '{window: {workday: ["09:00", "21:00"]}}'),
    ("CALLS", "time_window", called("voice", "debt"), f"{{{CALLING_HOURS}}}"),
    ("PAUSE", "retry_pause", "", "{reasons: [limit], hours: 24}"),
    ("STOP", "cascade_stop", "", "{after: read}"),
    ("RATE", "send_rate", "", "{scope: sender, count: 2, seconds: 2}"),
    ("EACH", "send_rate", called("email", "poll"), "{scope: recipient, count: 1, seconds: 60}"),
    ("NAME", "sender_name", "", '{shortest: 3, longest: 11, signs: ""}'),
    ("ANSWER", "response_time", "", "{answer_within_min: 60, auto_reply_within_s: 60}"),
)
"""Rule, kind, scope, parameters."""
OF_THE_RUN = ("PAUSE", "STOP", "RATE", "EACH", "NAME", "ANSWER")
"""Those that look at the whole run."""
EVIDENCE = {"list_checked": "2026-11-11", "wrote_before": False}
"""What was stated: a day, after which two more count, and that nobody had got a message before."""
IN_TWILIO = ("HOUR", "CAP", "CONS", "OUT", "TEXT", "PARTS", "COOL", "DUP", "ZONE", "REG", "RATE", "NAME")
"""Rules whose inputs stand in an export of Twilio's and the audience."""
