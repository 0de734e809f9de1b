"""The folders whose sources the machine code of this engine depends on."""

from __future__ import annotations

from pathlib import Path

import policies
import simulator

PACKAGES = tuple(Path(str(package.__file__)).parent for package in (policies, simulator))
