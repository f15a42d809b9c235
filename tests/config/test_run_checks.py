from __future__ import annotations

import threading

from config.demo.checks import Check, Outcome, run_side_by_side


def test_every_check_is_told_in_order_and_the_failed_ones_are_named(capsys):
    checks = [
        Check("first", lambda: Outcome(True, "all is well")),
        Check("second", lambda: Outcome(False, "line 7 is wrong")),
        Check("third", lambda: Outcome(True)),
    ]
    assert run_side_by_side(checks) == ["second"]
    said = capsys.readouterr().out
    places = [
        said.index(words) for words in ("all is well", "line 7 is wrong", "second FAILED", "--- third\n")
    ]
    assert places == sorted(places)


def test_checks_run_at_the_same_time_where_there_are_cores(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1})
    meeting = threading.Barrier(2)

    def meet():
        meeting.wait(timeout=60)
        return Outcome(True)

    assert run_side_by_side([Check("one", meet), Check("other", meet)]) == []


def test_on_one_core_they_run_one_after_the_other(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0})
    order = []
    checks = [Check(name, lambda name=name: order.append(name) or Outcome(True)) for name in "abc"]
    run_side_by_side(checks)
    assert order == ["a", "b", "c"]
