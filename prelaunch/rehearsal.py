"""One rehearsal from prepared scenario to run folder: simulate, judge, summarise, write, report."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from policies.evidence import Evidence, Showing
from policies.findings import RuleResult
from policies.findings_json import results_as_dicts
from policies.records import CATEGORIES, CHANNELS
from prelaunch import __version__, disclosure
from prelaunch.expanding import check_expandable
from prelaunch.findings.about import About, called
from prelaunch.findings.options import Managed
from prelaunch.manifest import manifest
from prelaunch.policy_report.answers import with_answers
from prelaunch.policy_report.entries import witnesses_of
from prelaunch.policy_report.inputs import INPUTS, kept_of
from prelaunch.reports.inputs import Rejected, ReportInputs
from prelaunch.reports.recipients import harmless, recipient_table, recipients_csv
from prelaunch.reports.report import render_report
from prelaunch.run_folder import AS_RUN, FINDINGS, LOG, MANIFEST, new_folder, publish, write_json
from prelaunch.summary.model import CampaignFacts, RunFacts, StepFacts, Summary
from prelaunch.summary.summarise import summarise
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.experiments.simulate import Replications, estimate, simulate
from scenarios.experiments.verdicts import judge_run
from simulator.engine.keep import LogName, kept_table
from simulator.engine.log import to_arrow
from simulator.engine.run import EngineName, chosen, compile_ahead, release_count, waits_for_compiler

Stage = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows the progress of a named piece of work of so many units."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a rehearsal is done. ``both`` also runs the other gate, to show what it costs to obey."""

    engine: EngineName = "auto"
    replications: int = 1
    jobs: int = 1
    both: bool = True
    replay: str = ""
    log: LogName = "full"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it; ``log`` is full, and ``kept`` says which of its rows are written."""

    compiled: Compiled
    replications: Replications
    log: pa.Table
    summary: Summary
    findings: tuple[RuleResult, ...]
    other: Summary | None
    log_hash: str
    kept: LogName = "full"


def rehearse(prepared: Prepared, options: Options, showing: Showing, stage: Stage) -> Rehearsal:
    """Return the rehearsal of the scenario with its own gate, and the summary of the same with the other gate."""
    runs = [prepared.compiled()]
    if options.log == "dispatch":
        check_expandable(runs[0].model, prepared.loaded.path)
    if options.both and runs[0].law.rules:
        runs.append(prepared.compiled("observe" if runs[0].scenario.gate == "enforce" else "enforce"))
    compile_first(runs, options.engine, stage)
    total = options.replications * sum(release_count(run.model) for run in runs)
    compiled_code = all(chosen(run.model, options.engine)[0] == "compiled" for run in runs)
    memory = estimate(runs, options.replications, compiled=compiled_code)
    with stage(f"rehearsing ({memory})", total) as progress:
        done = simulate(runs, options.replications, engine=options.engine, jobs=options.jobs, progress=progress)
    compiled, replications = runs[0], done[0]
    tables = tables_of(compiled, replications)
    with stage("judging", 1):
        findings = judge_run(compiled, tables, showing=showing, replay=_replay(options, showing))
    log = pa.concat_tables(list(tables.values()))
    other = None
    if len(runs) == 2 and done[1].logs.keys() == replications.logs.keys():
        other = summarise(pa.concat_tables(list(tables_of(runs[1], done[1]).values())), facts(runs[1]))
    return Rehearsal(
        compiled, replications, log, summarise(log, facts(compiled)), findings, other, replications.hash(compiled),
        options.log,
    )  # fmt: skip


def compile_first(runs: Sequence[Compiled], engine: EngineName, stage: Stage) -> None:
    """Compile the engine as a step of its own, if one of the runs would wait for that."""
    if any(waits_for_compiler(run.model, engine) for run in runs):
        with stage("compiling, once for this version", 1):
            compile_ahead(runs[0].model)


def tables_of(compiled: Compiled, replications: Replications) -> dict[int, pa.Table]:
    """Return the logs as Arrow tables, by number of the replication."""
    model = compiled.model
    return {
        number: to_arrow(log, model, run=model.name, replication=number)
        for number, log in sorted(replications.logs.items())
    }


def _replay(options: Options, showing: Showing) -> Callable[[Evidence], str] | None:
    """Return what writes the command that shows one finding again, alone; people appear as reports show them."""
    if not options.replay:
        return None

    def line(evidence: Evidence) -> str:
        return f"{options.replay} --only {showing(evidence.recipient)}" if evidence.recipient else options.replay

    return line


def about(prepared: Prepared, rehearsal: Rehearsal) -> About:
    """Return what the findings of a rehearsal are about; the scenario has the path that was given."""
    compiled, loaded = rehearsal.compiled, prepared.loaded
    return About(
        name=compiled.scenario.name, file=called(loaded.path), text=loaded.text,
        seed=compiled.model.seed, as_of=compiled.line.as_of.isoformat(), gate=compiled.scenario.gate,
        log_hash=rehearsal.log_hash, packs={pack.name: pack.version for pack in compiled.law.loaded},
        version=__version__,
    )  # fmt: skip


def facts(compiled: Compiled) -> RunFacts:
    """Return what the summary needs to know besides the log."""
    model, scenario = compiled.model, compiled.scenario
    templates = [template.id for template in model.templates]
    campaigns = tuple(
        CampaignFacts(
            campaign.id,
            CATEGORIES[campaign.category],
            tuple(
                StepFacts(step.id, CHANNELS[step.channel], templates[step.template])
                for step in model.steps
                if step.campaign == campaign.index
            ),
        )
        for campaign in model.campaigns
    )
    return RunFacts(
        scenario=scenario.name, seed=model.seed, currency=scenario.currency, zone=scenario.clock.zone,
        as_of=compiled.line.as_of.isoformat(), gate=scenario.gate, campaigns=campaigns,
    )  # fmt: skip


def write_run(
    prepared: Prepared, rehearsal: Rehearsal, options: Options, showing: Showing, wanted: Path,
    managed: Managed | None = None,
) -> Path:  # fmt: skip
    """Write the run folder and return its path: log, summary, findings, rejects, recipients, report, manifest.

    ``managed`` has the suppressions that the findings were marked by, which the inputs then hold.
    """
    with new_folder(wanted) as draft:
        if rehearsal.kept != "none":
            pq.write_table(kept_table(rehearsal.log, rehearsal.kept), draft / LOG, compression="zstd")
        write_json(draft / "summary.json", rehearsal.summary.to_json())
        write_json(draft / FINDINGS, results_as_dicts(rehearsal.findings))
        write_rejects(prepared, draft / "rejects.csv")
        (draft / "scenario.yaml").write_text(prepared.loaded.text, encoding="utf-8")
        write_json(draft / AS_RUN, as_run(prepared))
        witnesses = witnesses_of(results_as_dicts(rehearsal.findings), rehearsal.log, showing)
        kept = kept_of(prepared, rehearsal.compiled, witnesses)
        if managed is not None:
            inputs = with_answers(kept.inputs, managed.suppressions, managed.today)
            kept = msgspec.structs.replace(kept, inputs=inputs)
        write_json(draft / INPUTS, msgspec.to_builtins(kept))
        recipients = None if rehearsal.kept == "none" else recipient_table(rehearsal.log, showing)
        if recipients is not None:
            (draft / "recipients.csv").write_bytes(recipients_csv(recipients))
        contents = _manifest(prepared, rehearsal, options, draft)
        page = render_report(report_inputs(prepared, rehearsal, options, recipients, contents))
        (draft / "report.html").write_text(page, encoding="utf-8")
        write_json(draft / MANIFEST, _manifest(prepared, rehearsal, options, draft))
        return publish(draft, wanted)


def as_run(prepared: Prepared) -> dict[str, Any]:
    """Return the scenario as it was run: with the options of the command line, the calendar's campaigns written out.

    Of the audience file only the name is told, as in the manifest.
    """
    scenario = msgspec.structs.replace(prepared.scenario, calendar=None)
    if scenario.audience.file is not None:
        file = msgspec.structs.replace(scenario.audience.file, path=Path(scenario.audience.file.path).name)
        scenario = msgspec.structs.replace(scenario, audience=msgspec.structs.replace(scenario.audience, file=file))
    built: dict[str, Any] = msgspec.to_builtins(scenario)
    return built


def _manifest(prepared: Prepared, rehearsal: Rehearsal, options: Options, folder: Path) -> dict[str, object]:
    done, asked = rehearsal.replications, options.replications
    return manifest(prepared, rehearsal.compiled, done, asked, rehearsal.kept, rehearsal.log_hash, folder).to_json()


def write_rejects(prepared: Prepared, path: Path) -> None:
    """Write the rows of the audience that were turned away, each with line and reason."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "column", "reason", "value"])
        writer.writerows([r.line, *map(harmless, (r.column, r.reason, r.value))] for r in prepared.audience.rejects)


def report_inputs(
    prepared: Prepared, rehearsal: Rehearsal, options: Options, recipients: pa.Table | None, contents: dict[str, object]
) -> ReportInputs:
    """Return what the report shows."""
    observing = rehearsal.compiled.scenario.gate == "observe"
    shown = ReportInputs(
        summary=rehearsal.summary,
        findings=rehearsal.findings,
        description=prepared.scenario.description,
        recipients=recipients,
        audience_rows=prepared.audience.rows_read,
        rejects=_rejected(prepared),
        notices=[*disclosure.notices(prepared), *([log_notice(rehearsal.kept)] if rehearsal.kept != "full" else [])],
        not_modelled=disclosure.not_modelled(rehearsal.compiled),
        assumed=disclosure.assumed(rehearsal.compiled),
        manifest=contents,
        replay=options.replay,
    )
    if rehearsal.other is None:
        return shown
    return replace(shown, obeying=rehearsal.other) if observing else replace(shown, observing=rehearsal.other)


def log_notice(log: LogName) -> str:
    """Return what a run folder lacks that keeps less than the full log."""
    if log == "none":
        return "run with --log none: neither the event log nor the list of recipients is kept"
    return "run with --log dispatch: the log keeps what was decided; prelaunch log expand makes the full one from it"


def _rejected(prepared: Prepared) -> list[Rejected]:
    by_reason: dict[str, list[int]] = {}
    for reject in prepared.audience.rejects:
        by_reason.setdefault(_sort(reject.reason), []).append(reject.line)
    most_first = sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Rejected(reason, len(lines), f"line {lines[0]}") for reason, lines in most_first]


def _sort(reason: str) -> str:
    """Return a reason without what differs from row to row; rejects.csv keeps that."""
    short = re.sub(r" as line \d+$", " as an earlier line", reason.split(" (", maxsplit=1)[0])
    return re.sub(r"^the row has \d+ cells? instead of", "the row has more or fewer cells than", short)
