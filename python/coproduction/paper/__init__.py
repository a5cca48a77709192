"""The printed paper as an object of study: its cells, its claims and what they can mean."""
