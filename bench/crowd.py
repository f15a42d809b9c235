"""Many clients at once without HTTP: threads with a connection each, in two processes, all released together."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

PROCESSES = 2


@dataclass
class Outcome:
    """How a crowd fared: seconds from the common start to the last end, and what the attempts returned."""

    seconds: float
    counted: Counter[str]


def crowd(
    clients: int,
    *,
    enter: Callable[[], Any],
    attempts: Sequence[Callable[[Any], str]],
    leave: Callable[[Any], None],
) -> Outcome:
    """Let each client ``enter``, wait for all others, make its attempts one after another, and ``leave``."""
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(PROCESSES)
    pipes = [context.Pipe(duplex=False) for _ in range(PROCESSES)]

    def run(number: int) -> None:
        mine = range(number, clients, PROCESSES)
        pipes[number][1].send(_clients(len(mine), gate, enter, attempts, leave))

    children = [context.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for child in children:
        child.start()
    answers = [ours.recv() for ours, _ in pipes]
    for child in children:
        child.join()
    begin = min(answer[0] for answer in answers)
    end = max(answer[1] for answer in answers)
    return Outcome(end - begin, sum((answer[2] for answer in answers), Counter()))


def _clients(
    many: int, gate: Any, enter: Any, attempts: Any, leave: Any
) -> tuple[float, float, Counter[str]]:
    counted: Counter[str] = Counter()
    guard = threading.Lock()
    ready = threading.Barrier(many + 1)
    start = threading.Event()

    def one() -> None:
        seen: Counter[str] = Counter()
        try:
            place = enter()
        finally:
            ready.wait()
        start.wait()
        for attempt in attempts:
            try:
                seen[attempt(place)] += 1
            except Exception as error:
                seen[
                    f"{type(error).__name__} {getattr(error.__cause__ or error, 'sqlstate', '') or ''}".strip()
                ] += 1
        leave(place)
        with guard:
            counted.update(seen)

    threads = [threading.Thread(target=one) for _ in range(many)]
    for thread in threads:
        thread.start()
    ready.wait()
    gate.wait(timeout=120)
    begin = time.time()
    start.set()
    for thread in threads:
        thread.join()
    return begin, time.time(), counted
