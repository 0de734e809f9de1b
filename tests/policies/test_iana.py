"""The edition of the time zone database."""

from __future__ import annotations

import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
import tzdata

from policies.calendars import iana


def test_zones_are_those_of_the_package() -> None:
    assert zoneinfo.TZPATH == ()
    assert iana.edition() == tzdata.IANA_VERSION


def test_the_command_line_uses_the_packages_zones() -> None:
    script = (
        "import sys, zoneinfo; from prelaunch import cli; sys.argv = ['prelaunch', '--version']\n"
        "try: cli.main()\nexcept SystemExit: print(zoneinfo.TZPATH)"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1] == "()"


def test_the_systems_zones_are_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ("somewhere",))
    assert iana.edition() == "system"


def test_a_recent_change_of_law_is_known() -> None:
    # Kazakhstan went to one zone, UTC+5, on 2024-03-01.
    almaty = zoneinfo.ZoneInfo("Asia/Almaty")
    assert datetime(2024, 2, 29, 12, tzinfo=UTC).astimezone(almaty).utcoffset() == timedelta(hours=6)
    assert datetime(2024, 3, 1, 12, tzinfo=UTC).astimezone(almaty).utcoffset() == timedelta(hours=5)
