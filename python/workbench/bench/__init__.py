"""A bench for `coproduction draft`: questionnaires of different tools, with what a careful person would draft."""
