"""The measurement of a log says what it wrote, and that it is the log."""

from __future__ import annotations

import pytest

from benchmarks import stream
from benchmarks.workload_w import workload
from simulator.engine.log import log_hash
from simulator.engine.run import run


def test_what_is_measured_is_the_log_of_w(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WARM", 10)
    model = workload(300).model
    log = run(model, 0, "compiled")
    full, dispatch, none = (stream.measure(300, keep, memory=False) for keep in ("full", "dispatch", "none"))
    assert (full["rows"], full["log_hash"]) == (len(log), f"{log_hash(log, model, 0):032x}")
    assert 0 == none["rows"] < int(str(dispatch["rows"])) < len(log)
    assert stream.measure(300, "full", memory=True)["rows"] == len(log)
