"""Whether the exports keep to the codebook."""
