"""What the answers of a column mean, and the scale that they make."""
