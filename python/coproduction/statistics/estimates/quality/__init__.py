"""How good the measurements are."""
