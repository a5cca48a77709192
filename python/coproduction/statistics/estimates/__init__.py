"""One module for each model est_..., under its name."""
