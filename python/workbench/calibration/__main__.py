"""Write the five bundled synthetic exports: `python -m workbench.calibration [--output DIR]`."""

import argparse
from pathlib import Path

from workbench.calibration.design import PLANS
from workbench.calibration.printing import write_export
from workbench.calibration.targets import SEEDS


def main() -> None:
    """Write every export into the folder given with --output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=SEEDS / "exports", help="folder to write to")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for export_id in PLANS:
        print(write_export(export_id, folder))


if __name__ == "__main__":
    main()
