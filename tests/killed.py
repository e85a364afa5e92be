"""
Importers that are killed: `python -m tests.killed ENDPOINT SEED KILLS` kills so many, each at another step, then checks.

It is a process of its own, because it forks: an importer that is killed by kill -9 runs nothing more, and a fork is
there in a moment. A step is a request that is about to be sent, or that has arrived and is about to be answered.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from footfall.stores import open_store
from footfall.stores.dynamodb import DynamoDBStore, commits, ledger
from footfall.stores.dynamodb.requests import Requests
from footfall.stores.dynamodb.table import create_table

from .conftest import KEPT, REGION, store_url
from .faults import Faults
from .truth import check, check_whole, some_files

SIZES = ((100, 200, 1024, 350_000), (100, 200, 300, 60), (700, 350_000, 1024, 350_000))


def kill_at(step: int) -> Callable[[str], str | Callable[[Any, Any], Any]]:
    """Kills this process at its `step`th step; even steps are before a request, odd ones after it."""
    requests = iter(range(1_000_000))

    def die(request: Any, send: Any) -> Any:
        if step % 2:
            send(request)
        os.kill(os.getpid(), signal.SIGKILL)

    return lambda _: die if next(requests) == step // 2 else ""


def import_all(url: str, files: Any, at_once: int, step: int | None = None) -> int:
    """Import the files in batches of so many; says how many requests that took."""
    store = open_store(url, KEPT)
    assert isinstance(store, DynamoDBStore)
    if step is not None:
        Faults(store.requests.client, kill_at(step))
    store.prepare("UTC")
    for start in range(0, len(files), at_once):
        store.record(files[start : start + at_once])
    store.close()
    return store.requests.capacity.requests


def start(url: str, files: Any, at_once: int, step: int) -> int:
    """An importer that is killed at a step, if it comes to that; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        import_all(url, files, at_once, step)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - the fork may not go on into the caller
        sys.excepthook(*sys.exc_info())
        os._exit(1)


def is_killed(child: int) -> bool:
    """Wait for an importer; says whether it was killed."""
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or status == 0, "the importer failed, and was not killed"
    return os.WIFSIGNALED(status)


def main() -> None:
    """Kill as often as asked."""
    endpoint, seed, kills = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    commits.PATIENCE, commits.PATIENCE_PER_ITEM = 0.05, 0.0  # those that are dead are waited for, and some that are not
    dice = random.Random(seed)
    done = 0
    while done < kills:
        files = some_files(dice.randrange(10**6))
        # A commit, and what files add, in many items, or in one.
        commits.FIRST_BYTES, commits.MOST_BYTES, ledger.ENTRY_BYTES, ledger.MOST_BYTES = dice.choice(SIZES)
        steps = list(range(2 * import_all(new_table(endpoint), files, 2)))
        dice.shuffle(steps)
        for step in steps[: max(kills // 4, 1)]:
            url = new_table(endpoint)
            assert is_killed(start(url, files, 2, step))
            done += 1
            store = open_store(url, KEPT)
            check_whole(store)
            store.close()
            others = [  # and those that go on are killed as well, two at once, in other batches
                start(url, dice.sample(files, len(files)), dice.randint(1, 4), dice.choice(steps)) for _ in range(2)
            ]
            done += sum(map(is_killed, others))
            import_all(url, files, 3)
            store = open_store(url, KEPT)
            check(store, files)
            store.close()
    sys.stdout.write(f"{done} killed\n")


def new_table(endpoint: str) -> str:
    """An empty table's store."""
    requests = Requests(f"killed-{uuid4().hex[:12]}", REGION, endpoint, (KEPT.partition_key, KEPT.sort_key))
    create_table(requests)
    return store_url(requests.table, endpoint)


if __name__ == "__main__":
    main()
