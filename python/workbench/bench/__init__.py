"""A bench for `coproduction draft`: questionnaires of different tools and wordings, with what a careful person would draft."""
