"""Effects of the nudges, and whether the experiment can be trusted."""
