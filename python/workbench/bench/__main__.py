"""``make bench-draft``: prints how well questionnaires of the bench are drafted unaided."""

import sys
from pathlib import Path

from workbench.bench.scoring import main

main(Path("tests/bench"), sys.argv[1:])
