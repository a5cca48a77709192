"""The statistics: `methods` hold the mathematics, `estimates` one module for each `est_` model, of its name."""
