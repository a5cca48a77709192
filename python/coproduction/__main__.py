"""Starts the command line with ``python -m coproduction``."""

import sys

from coproduction.cli import main

sys.exit(main())
