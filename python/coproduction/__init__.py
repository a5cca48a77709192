"""A survey warehouse for councils."""
