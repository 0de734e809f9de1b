"""Shared fixtures: where the repository and the data folder are; the profile of the property tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from policies.calendars.iana import use_packaged_zones

REPOSITORY = Path(__file__).resolve().parent.parent

# Examples follow from the test alone, so a run that was green stays green; compiling kernels takes its time.
settings.register_profile("prelaunch", derandomize=True, deadline=None)
settings.load_profile("prelaunch")

use_packaged_zones()


def _data_folder() -> Path:
    return (REPOSITORY / os.environ.get("PRELAUNCH_DATA", "../shared/data")).resolve()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = _data_folder()
    if folder.is_dir():
        return
    absent = pytest.mark.skip(reason=f"no folder {folder}; name it in PRELAUNCH_DATA")
    for item in items:
        if item.get_closest_marker("data"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; a test that asks for it carries the marker ``data``."""
    return _data_folder()
