"""Changes of levels between two waves of a council."""
