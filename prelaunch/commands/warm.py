"""``prelaunch warm``: compile ahead what large runs use."""

from __future__ import annotations

import time
from importlib.resources import files
from pathlib import Path

import click

from prelaunch import exits
from prelaunch.console import json_option, progress, write_json

SIZE = 3_000
"""People of the small rehearsal: enough for the audit to be compiled too."""


@click.command()
@json_option
def command(as_json: bool) -> int:
    """Compile the engine, the audit and what expands logs, so that no later run waits for it.

    A large run needs machine code, which is made once for a version of prelaunch, numba and numpy on a processor, and
    kept in the user's cache folder. This does it now, by a small rehearsal that is not kept; done before, it takes a
    second or two.
    """
    from prelaunch.rehearsal import tables_of
    from scenarios.experiments.prepare import prepare_file
    from scenarios.experiments.simulate import simulate
    from scenarios.experiments.verdicts import judge_run
    from simulator.engine.run import compile_ahead, compile_replay_ahead, waits_for_compiler

    began = time.process_time()
    size = {"audience.synthetic.size": SIZE}
    file = Path(str(files("scenarios").joinpath("library/five-step-offer.yaml")))
    run = prepare_file(file, overrides=size).compiled()
    cold = waits_for_compiler(run.model, "compiled")
    with progress("compiling the engine", 1):
        compile_ahead(run.model)
    with progress("compiling what expands logs", 1):
        compile_replay_ahead(run.model)
    with progress("compiling the audit", 1):
        judge_run(run, tables_of(run, simulate([run], 1, engine="compiled")[0]))
    seconds = round(time.process_time() - began, 1)
    if as_json:
        write_json({"engine_was_ready": not cold, "cpu_s": seconds})
    else:
        click.echo(f"ready after {seconds} s of processor time")
    return exits.DONE
