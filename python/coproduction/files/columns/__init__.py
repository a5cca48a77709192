"""Tables that are kept by column in little memory, and the reading of a right file into one, in one pass."""
