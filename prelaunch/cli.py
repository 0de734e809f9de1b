"""The command ``prelaunch``: finds the command asked for, turns errors into plain words and exit codes.

A command is imported when it is used, so that ``--help`` stays quick. It returns ``None`` or its exit code
(``prelaunch.exits``); ``context.exit(code)`` does as well. With ``--json`` its result goes to standard output and
everything else to standard error.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from policies.calendars.iana import use_packaged_zones
from policies.errors import InputError, PrelaunchError
from prelaunch import __version__, exits
from prelaunch.commands import COMMANDS
from prelaunch.console import fail

_NAMES = {entry.name: entry for entry in COMMANDS}


class LazyGroup(click.Group):
    """A group whose commands are the modules named in ``prelaunch.commands.COMMANDS``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = _NAMES.get(cmd_name)
        if entry is None:
            return None
        command = importlib.import_module(entry.module).command
        assert isinstance(command, click.Command), f"{entry.module}.command is not a click.Command"
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            ctx.fail(f"There is no command {args[0]!r}.{_nearest(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done; 1 findings at or above --fail-on; 2 bad input or usage; 3 a limit of the machine; "
    "130 interrupted.",
)
@click.version_option(__version__, prog_name="prelaunch")
def cli() -> None:
    """Rehearse a messaging campaign before anyone receives it.

    Plays the providers, runs your cascade on your audience, and says whether it obeys the rules, what it costs, whom
    it reaches and when. Nothing is sent. Start with `prelaunch init my.yaml` and `prelaunch run my.yaml`.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; a fault of the program itself keeps its traceback."""
    try:
        code = _invoke(arguments)
        if sys.stdout is not None:  # None: started with standard output closed
            sys.stdout.flush()
    except click.ClickException as error:
        _tell(error.show)
        return exits.BAD_INPUT
    except PrelaunchError as error:
        _tell(fail, _lines(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _tell(click.echo, "interrupted; nothing was written", err=True)
        return exits.INTERRUPTED
    except BrokenPipeError:
        _abandon_output()
        return exits.READER_GONE
    except MemoryError:
        _tell(fail, ["out of memory: use a smaller audience or fewer replications"])
        return exits.MACHINE_LIMIT
    except OSError as error:
        if error.errno in exits.REFUSED and error.filename:
            _tell(fail, [f"{error.filename}: cannot be used: {error.strerror} (choose another path)"])
            return exits.BAD_INPUT
        if error.errno not in exits.DISK_FULL:
            raise
        _tell(fail, [f"no space left on the disk: {error.filename or 'output'}"])
        return exits.MACHINE_LIMIT
    return code


def _tell(tell: Callable[..., None], *words: Any, **how: Any) -> None:
    """Tell a person what went wrong; where standard error cannot be written, the exit code alone tells it."""
    with contextlib.suppress(OSError):
        tell(*words, **how)


def _nearest(word: str) -> str:
    import difflib

    near = difflib.get_close_matches(word, _NAMES, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _lines(error: PrelaunchError) -> list[str]:
    """Return one line a problem, whatever line breaks the input had."""
    return [str(problem) for problem in error.problems] if isinstance(error, InputError) else str(error).splitlines()


def _invoke(arguments: Sequence[str]) -> int:
    try:
        with cli.make_context("prelaunch", list(arguments)) as context:
            result = cli.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    return result if isinstance(result, int) else exits.DONE


def _abandon_output() -> None:
    """Let the interpreter's last flush go nowhere instead of complaining once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Entry point of the console script; from here on zones are those of the tzdata package."""
    use_packaged_zones()
    sys.exit(run(sys.argv[1:]))
