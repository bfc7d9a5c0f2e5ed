"""Other businesses' ids and hostile input at every address, at full size."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"CRAWL_REQUESTS": "16000", "HOSTILE_REQUESTS": "10000", "CONVENTIONS_SHARE": "1"}
TESTS = ("tests/isolation", "tests/api/test_conventions.py")


def run() -> bool:
    """Crawl and attack; tell whether nothing leaked and nothing broke."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", *TESTS],
        cwd=ROOT,
        env={**os.environ, **SIZES},
        check=False,
    )
    return done.returncode == 0
