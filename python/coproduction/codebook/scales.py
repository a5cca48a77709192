"""The answers that a scale of the codebook accepts, for the check before a build and for the rules in the build."""

from dataclasses import dataclass
from functools import cached_property

from coproduction.codebook.labels import is_number, normalise_label

NUMBER_KINDS = ("integer", "decimal")
SCALE_KINDS = ("ordinal", "nominal", *NUMBER_KINDS)


@dataclass(frozen=True)
class Scale:
    """A scale with the labels it lists, as printed. ``minimum`` and ``maximum`` are None where there is no bound."""

    scale_id: str
    kind: str
    minimum: float | None
    maximum: float | None
    labels: tuple[str, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether plain numbers are answers, in addition to the listed labels."""
        return self.kind in NUMBER_KINDS

    def normalised_labels(self) -> frozenset[str]:
        """Return the listed labels in the one spelling."""
        return self._normalised

    @cached_property
    def _normalised(self) -> frozenset[str]:
        return frozenset(normalise_label(label) for label in self.labels)

    @cached_property
    def has_catch_all(self) -> bool:
        """Whether the label * stands for every answer that is not listed."""
        return "*" in self.labels

    def number_of(self, normalised: str) -> float | None:
        """Return the number that an answer to this scale spells, whatever its range.

        None for text, for every answer to a scale of labels, and for a number that is not whole on an integer scale
        (34.0 is whole, 34.5 is not).
        """
        number = float(normalised) if self.is_numeric and is_number(normalised) else None
        if number is None or (self.kind == "integer" and number % 1 != 0):
            return None
        return number

    def is_in_range(self, number: float) -> bool:
        """Say whether a number lies within the bounds, both included."""
        above = self.minimum is None or number >= self.minimum
        return above and (self.maximum is None or number <= self.maximum)

    def allowed(self) -> tuple[str, ...]:
        """Return the accepted answers for messages: first the numbers, then each label in quotation marks."""
        labels = tuple(f'"{label}"' if label != "*" else "anything else" for label in self.labels if label)
        return (self.number_range(), *labels) if self.is_numeric else labels

    def number_range(self) -> str:
        """Return the numbers accepted, in words."""
        noun = "whole numbers" if self.kind == "integer" else "numbers"
        if self.minimum is None and self.maximum is None:
            return noun
        if self.minimum is None:
            return f"{noun} up to {self.maximum:g}"
        if self.maximum is None:
            return f"{noun} from {self.minimum:g}"
        return f"{noun} from {self.minimum:g} to {self.maximum:g}"
