"""Whether `make thorough` runs the tests: with more made-up files and more simulated surveys than every other run."""

import os

IS_THOROUGH = os.environ.get("COPRODUCTION_THOROUGH") == "1"
