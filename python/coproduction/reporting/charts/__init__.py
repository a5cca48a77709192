"""Charts as SVG without a script: each is a small function from rows to markup, and as wide as its column."""
