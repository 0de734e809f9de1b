"""From a log to a summary."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from prelaunch.summary.columns import Int64s, Log, Mask, one_replication, read_log, replications_of
from prelaunch.summary.figures import buyers, by_step, fees, figures, total_cost
from prelaunch.summary.model import CampaignFacts, CampaignFigures, RunFacts, Summary
from prelaunch.summary.reach import FirstTimes, first_times, reach_of, reach_over_time, time_to_reach
from prelaunch.summary.timeline import hold_hours, states, stops
from scenarios.experiments.compare import MEASURES, Metrics, measured
from scenarios.experiments.statistics import Estimate


def metrics(log: Log) -> Metrics:
    """Return what one replication came to, for intervals and comparisons."""
    times = first_times(log)
    reach, took = reach_of(times), time_to_reach(times).delivered_fate
    return Metrics(
        cost_micro=total_cost(log, np.ones(len(log), bool)),
        released=len(times.messaged()),
        reached_fate=reach.delivered_fate,
        reached_report=reach.delivered_report,
        read_fate=reach.read_fate,
        read_report=reach.read_report,
        complaints=int(np.count_nonzero(log.is_("complained"))),
        time_to_reach_p50_us=took.p50_us,
        time_to_reach_p90_us=took.p90_us,
        time_to_reach_p95_us=took.p95_us,
    )


def estimates(replications: Sequence[Metrics]) -> tuple[Estimate, ...]:
    """Return mean and 95 % interval of every measure over the replications."""
    return tuple(measured(m, [m.value(r) for r in replications]) for m in MEASURES)


def _category(log: Log) -> str | None:
    """Return the only category of these rows, ``None`` if they name several or none."""
    used = np.unique(log.category.codes[log.category.codes >= 0])
    return log.category.words[int(used[0])] if len(used) == 1 else None


def _campaign(
    log: Log, rows: Int64s, times: FirstTimes, bought: Mask, code: int, facts: CampaignFacts
) -> CampaignFigures:
    low, high = (int(end) for end in np.searchsorted(log.pair_campaign, [code, code + 1]))
    own, part = log.take(rows), times.within(low, high)
    return CampaignFigures(
        facts.campaign,
        facts.category or _category(own),
        figures(own, part, bought[low:high], log.pair_recipient[low:high]),
        by_step(own, part, facts.steps),
    )


def by_campaign(log: Log, times: FirstTimes, bought: Mask, facts: RunFacts) -> tuple[CampaignFigures, ...]:
    """Return the campaigns of the scenario in its order, then others in the log by name."""
    known = {campaign.campaign: campaign for campaign in facts.campaigns}
    order = np.argsort(log.campaign.codes, kind="stable")
    bounds = np.searchsorted(log.campaign.codes[order], np.arange(len(log.campaign.words) + 1))
    code_of = {word: code for code, word in enumerate(log.campaign.words)}
    found = []
    for name in [*known, *sorted(set(code_of) - set(known))]:
        code = code_of.get(name, len(code_of))
        rows = order[bounds[code] : bounds[code + 1]] if name in code_of else order[:0]
        found.append(_campaign(log, rows, times, bought, code, known.get(name, CampaignFacts(name))))
    return tuple(found)


def summarise(log: pa.Table, facts: RunFacts) -> Summary:
    """Return the summary of an event log (columns of ``policies.records.COLUMNS``, any order of rows).

    With several replications the tables describe the first; ``replications`` and ``estimates`` cover all.
    Raises ``InputError`` for a missing column or an unknown event.
    """
    numbers = replications_of(log)
    first = read_log(one_replication(log, numbers[0]))
    measured = (metrics(first), *(metrics(read_log(one_replication(log, number))) for number in numbers[1:]))
    times = first_times(first)
    bought = buyers(first, times)
    return Summary(
        scenario=facts.scenario,
        seed=facts.seed,
        currency=facts.currency,
        zone=facts.zone,
        as_of=facts.as_of,
        gate=facts.gate,
        rows=len(log),
        first_at=int(first.occurred_at.min()) if len(first) else None,
        last_at=int(first.occurred_at.max()) if len(first) else None,
        shown=numbers[0],
        in_all=figures(first, times, bought, first.pair_recipient),
        campaigns=by_campaign(first, times, bought, facts),
        fees=fees(first),
        stops=stops(first),
        hold_hours=hold_hours(first, facts.zone),
        states=states(first),
        reach_over_time=reach_over_time(times),
        replications=measured,
        estimates=estimates(measured),
    )
