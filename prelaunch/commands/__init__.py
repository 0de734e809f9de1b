"""One module a command; each exposes ``command``, a ``click.Command``. They are listed in ``COMMANDS``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as ``prelaunch --help`` shows it, without importing its module ``prelaunch.commands.<name>``."""

    name: str
    help: str

    @property
    def module(self) -> str:
        return f"{__name__}.{self.name}"


COMMANDS = (
    Entry("run", "Rehearse a scenario: cost, reach, limits, a verdict for each rule, a report."),
    Entry("compare", "Compare two or more scenarios, paired by common random numbers."),
    Entry("verify", "Decide each rule for all recipients, instants and receipts: proved, or the smallest witness."),
    Entry("diff", "Tell message by message how one version differs from another, on the same draws."),
    Entry("attack", "Look for the worst plausible outcome of a scenario, and keep it as a test."),
    Entry("mutate", "Say which small changes of guards and rules the checks of a scenario would not notice."),
    Entry("audit", "Judge an event log, simulated or real, by rule packs."),
    Entry("judge", "Judge single attempts from a file or standard input."),
    Entry("findings", "Show the findings of a run again: JUnit, SARIF, OSCAL, CSV, XLSX."),
    Entry("lint", "Check the templates of a scenario before a provider does."),
    Entry("text", "Say what kind of message each text is: category, collection of debts, words, SMS parts."),
    Entry("rules", "Show the catalogue of rules, or one rule with its source and cases."),
    Entry("report", "Write the policy report of a run, check that it is true, sign it."),
    Entry("why", "Show why one person of a run got, or did not get, each message."),
    Entry("log", "Make the full log of a run that has kept only what was decided."),
    Entry("numbers", "Take in a register of number ranges; tell operator, region and time zones of a number."),
    Entry("init", "Write a commented scenario to start from."),
    Entry("warm", "Compile the engine and the audit ahead, so that no later run waits for it."),
    Entry("doctor", "Check this machine and installation."),
)
