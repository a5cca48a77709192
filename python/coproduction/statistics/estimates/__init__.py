"""One module for each model est_..., of the same name."""
