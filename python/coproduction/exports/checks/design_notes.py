"""Says of one export what its clusters and strata mean for the standard errors, and refuses replicates with holes.

Every check takes one export and yields findings. DESIGN_NOTES lists the notes in the order of their findings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from coproduction.codebook.checks.replicate_checks import REPLICATE_WEIGHT
from coproduction.codebook.labels import normalise_label
from coproduction.exports.checks.answer_checks import Export
from coproduction.files.finding import Finding, quoted, shortened

# As FEWEST_CLUSTERS of the statistics; a test compares the two.
FEWEST_CLUSTERS = 10


def note_clusters(export: Export) -> Iterator[Finding]:
    """Note clusters that are too few for any standard error, or that are single persons; and people without one."""
    column, clusters = _labels(export, "cluster")
    if column is None:
        return
    known = Counter(filter(None, clusters))
    n_blank = len(clusters) - known.total()
    if not known:
        problem, remedy = (
            "no row has a cluster, so the survey declares none",
            "delete the row of seeds/codebook/questions.csv",
        )
    elif len(known) + n_blank < FEWEST_CLUSTERS:
        problem = (
            f"there are only {len(known) + n_blank} clusters: levels and correlations have no interval and no stars"
        )
        remedy = "nothing, or claim the column for `stratum` if these are parts of the population, not a sample of them"
    elif max(known.values()) == 1:
        problem = "every row has a cluster of its own, so the column does not say who was drawn together"
        remedy = "claim the column that names the household or the sampling point"
    elif n_blank:
        rows = "1 row has" if n_blank == 1 else f"{n_blank:,} rows have"
        problem = f"{rows} no cluster; each counts as a cluster of one person"
        remedy = "nothing, if these people were drawn alone"
    else:
        return
    yield export.note(problem, remedy, column=column)


def note_strata(export: Export) -> Iterator[Finding]:
    """Note strata with one cluster, which have no variance of their own."""
    column, strata = _labels(export, "stratum")
    if column is None:
        return
    _, clusters = _labels(export, "cluster")
    of_stratum: dict[str, set[object]] = defaultdict(set)
    for place, stratum in enumerate(strata):
        # Who has no cluster is one.
        of_stratum[stratum].add((clusters and clusters[place]) or place)
    single = [quoted(stratum) if stratum else "(blank)" for stratum, members in of_stratum.items() if len(members) == 1]
    if single and len(of_stratum) > 1:
        yield export.note(
            f"{len(single)} of {len(of_stratum)} strata have one cluster, which has no variance of its own: its "
            f"deviation from the mean of the survey is used, so that errors are rather too large: {shortened(single)}",
            "nothing, or give the stratum the name of a similar one",
            column=column,
        )


def check_replicate_weights(export: Export) -> Iterator[Finding]:
    """Refuse a replicate weight that is missing or negative for a person with a weight: nobody leaves a replicate."""
    weights = next(iter(_numbers(export, "weight")), None)
    has_weight = [(number or 0) > 0 for number in weights[1]] if weights else []
    for column, numbers in _numbers(export, REPLICATE_WEIGHT) if weights else ():
        odd = [place for place, number in enumerate(numbers) if has_weight[place] and (number is None or number < 0)]
        if odd:
            rows = "1 row with a weight has" if len(odd) == 1 else f"{len(odd):,} rows with a weight have"
            yield export.error(
                f"{rows} no replicate weight here, or a negative one",
                "complete the column, with 0 for people whom the replicate leaves out, or delete the rows of the "
                "replicates in seeds/codebook/questions.csv",
                line=export.table.lines[odd[0]],
                column=column,
            )


DESIGN_NOTES = (note_clusters, note_strata)


def _labels(export: Export, construct_id: str) -> tuple[str | None, list[str]]:
    """Return the column that the export claims for a construct and its label in each row, '' where there is none."""
    for question in export.questions:
        if question["construct_id"] == construct_id and question.is_true("is_primary", True):
            return question["column_name"], list(export.answers(question).map(normalise_label))
    return None, []


def _numbers(export: Export, construct_id: str) -> Iterator[tuple[str, list[float | None]]]:
    """Yield each primary column that the export claims for a construct, and its number in each row."""
    for question in export.questions:
        if question["construct_id"] == construct_id and question.is_true("is_primary", True):
            number_of = export.scales[question["scale_id"]].number_of
            yield question["column_name"], [number_of(normalise_label(label)) for label in export.answers(question)]
