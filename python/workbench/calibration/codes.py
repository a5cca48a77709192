"""Answers as integers: a score, or a negative number for each kind of missing answer."""

BLANK, DONT_KNOW, NOT_ASKED, REFUSED, NOT_APPLICABLE, NO_SCORE = -1, -2, -3, -4, -5, -6
NEVER, SOMETIMES, OFTEN = 0, 1, 2

KINDS = {"dont_know": DONT_KNOW, "not_asked": NOT_ASKED, "refused": REFUSED, "not_applicable": NOT_APPLICABLE}
