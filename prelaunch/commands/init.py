"""``prelaunch init``: write the commented starter scenario."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from policies.errors import InputError, Problem


@click.command()
@click.argument("file", default="scenario.yaml", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
def command(file: Path, force: bool) -> None:
    """Write a commented scenario to FILE (default scenario.yaml; - for standard output).

    It runs as it is, on a made-up audience of 2,000: change it step by step into yours.
    """
    text = files("scenarios").joinpath("starter.yaml").read_text(encoding="utf-8")
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    _write(file, text, replace=force)
    click.echo(f"wrote {file}; next: prelaunch run {file}", err=True)


def _write(file: Path, text: str, *, replace: bool) -> None:
    try:
        with file.open("w" if replace else "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise InputError([Problem(str(file), "exists already", "give another name, or use --force")]) from None
    except (FileNotFoundError, NotADirectoryError):
        raise InputError([Problem(str(file), "its folder does not exist", "make the folder first")]) from None
    except PermissionError:
        raise InputError([Problem(str(file), "may not be written", "choose a folder that is yours")]) from None
