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
    Entry("audit", "Judge an event log, simulated or real, by rule packs."),
    Entry("judge", "Judge single attempts from a file or standard input."),
    Entry("lint", "Check the templates of a scenario before a provider does."),
    Entry("text", "Say what kind of message each text is: category, collection of debts, words, SMS parts."),
    Entry("rules", "Show the catalogue of rules, or one rule with its source and cases."),
    Entry("why", "Show why one person of a run got, or did not get, each message."),
    Entry("log", "Make the full log of a run that has kept only what was decided."),
    Entry("init", "Write a commented scenario to start from."),
    Entry("warm", "Compile the engine and the audit ahead, so that no later run waits for it."),
    Entry("doctor", "Check this machine and installation."),
)
