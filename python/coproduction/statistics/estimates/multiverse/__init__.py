"""The multiverse: every correlation under all combinations of defensible choices."""
