"""Says that the disk is full where no macro can: after a failed checkpoint DuckDB refuses every statement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dbt_common.events.event_manager_client import add_callback_to_manager

from coproduction.build.messages import tell_user

# What dbt reports last of a build that broke off, and DuckDB's words for a full disk in it.
_EVENT_OF_THE_END = "MainEncounteredError"
_NO_ROOM = "No space left on device"


def tell_of_a_full_disk(warehouse: Path) -> None:
    """Print a sentence after dbt's own last message if the build ends because the disk of `warehouse` is full."""

    def tell(event: Any) -> None:
        if event.info.name == _EVENT_OF_THE_END and _NO_ROOM in event.info.msg:
            tell_user(
                f"The disk of {warehouse} is full, and the build could not go on. What was published before stays as "
                "it was. Make room on that disk, or put the warehouse elsewhere with the environment variable "
                "COPRODUCTION_WAREHOUSE, and build again: nothing else is to be done."
            )

    add_callback_to_manager(tell)
