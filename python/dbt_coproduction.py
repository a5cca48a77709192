"""The door through which dbt calls this project: dbt imports every installed module whose name begins with dbt_.

dbt imports it in every project of the environment, so it imports nothing of its own before it knows the project.
"""

from __future__ import annotations

from dbt.contracts.graph.manifest import Manifest
from dbt.plugins.manager import dbtPlugin

PROJECT_NAME = "coproduction"


class CoproductionPlugin(dbtPlugin):
    """Checks the exports before dbt reads them, and keeps dbt's record of the project for the publication."""

    def initialize(self) -> None:
        """Refuse the command if an export or the codebook has an error; raise DbtRuntimeError, which dbt prints."""
        if self.project_name == PROJECT_NAME:
            from coproduction.build.start import prepare_command

            prepare_command()

    def get_manifest_artifacts(self, manifest: Manifest) -> dict:
        """Keep dbt's record of the project for the publication at the end; add no artifact."""
        if self.project_name == PROJECT_NAME:
            from coproduction.build.record import keep_record

            keep_record(manifest)
        return {}

    # dbt calls the methods that have this attribute. Its own decorator would hide the signature.
    get_manifest_artifacts.is_dbt_hook = True  # type: ignore[attr-defined]


plugins = [CoproductionPlugin]
