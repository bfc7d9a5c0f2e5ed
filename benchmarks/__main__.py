"""``python -m benchmarks [NAME]``: run all benchmarks or one; a JSON line for each result."""

import subprocess
import sys
from collections.abc import Callable

from benchmarks.inbox import inbox
from benchmarks.place import own_server
from benchmarks.provision import migrate_many, provision
from benchmarks.request_page import request_page
from benchmarks.result import Result

BENCHES: dict[str, Callable[[], list[Result]]] = {
    "provision": provision,
    "migrate_many": migrate_many,
    "request_page": request_page,
    "inbox": inbox,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks; 2 when there is none of a name."""
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        print(
            f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHES)}.", file=sys.stderr
        )
        return 2
    if len(names) != 1:
        # Settings are read once a process, so each benchmark gets one, with a server of its own.
        command = [sys.executable, "-m", "benchmarks"]
        return max(subprocess.call([*command, name]) for name in names or BENCHES)
    with own_server():
        for result in BENCHES[names[0]]():
            print(result.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
