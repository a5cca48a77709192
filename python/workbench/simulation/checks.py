"""All checks of the estimators' promises on surveys with planted truth."""

from workbench.simulation.checks_of_changes import checks_of_changes
from workbench.simulation.checks_of_correlates import checks_of_correlates
from workbench.simulation.checks_of_designs import checks_of_designs
from workbench.simulation.checks_of_equivalence import checks_of_equivalence
from workbench.simulation.checks_of_levels import checks_of_levels
from workbench.simulation.checks_of_nudges import checks_of_nudges
from workbench.simulation.checks_of_pools import checks_of_pools

CHECKS = {
    check.name: check
    for check in (
        *checks_of_correlates(),
        *checks_of_levels(),
        *checks_of_nudges(),
        *checks_of_designs(),
        *checks_of_equivalence(),
        *checks_of_pools(),
        *checks_of_changes(),
    )
}
