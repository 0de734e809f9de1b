"""The manifest of a run: what went in, what came out, and with which versions."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

from policies.calendars.iana import edition
from prelaunch import __version__
from prelaunch.run_folder import outputs
from scenarios.compile.model import Compiled
from scenarios.experiments.prepare import Prepared
from scenarios.experiments.simulate import Replications
from simulator.engine.run import EngineName, chosen_engine

PACKAGES = ("simpy", "numpy", "numba", "pyarrow", "holidays", "phonenumberslite", "matplotlib")


def manifest(
    prepared: Prepared, compiled: Compiled, replications: Replications, engine: EngineName, folder: Path
) -> dict[str, object]:
    """Return the manifest as plain JSON; it carries no clock time, so equal runs have equal manifests."""
    audience = prepared.audience
    return {
        "prelaunch": __version__,
        "scenario": {
            "name": compiled.scenario.name, "file": prepared.loaded.path.name, "sha256": prepared.loaded.sha256,
        },
        "audience": {
            "source": Path(audience.source).name, "sha256": audience.sha256, "rows": audience.rows_read,
            "people": len(audience.people), "rejected": len(audience.rejects),
        },
        "seed": compiled.model.seed,
        "as_of": compiled.line.as_of.isoformat(),
        "gate": compiled.scenario.gate,
        "engine": chosen_engine(compiled.model, engine),
        "replications": {"asked": compiled.scenario.replications, "done": sorted(replications.logs)},
        "interrupted": replications.interrupted,
        "packs": {pack.name: {"version": pack.version, "sha256": pack.sha256} for pack in compiled.law.loaded},
        "tzdata": edition(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "log_hash": replications.hash(compiled),
        "outputs": outputs(folder),
    }  # fmt: skip
