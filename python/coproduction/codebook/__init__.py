"""What the codebook says of columns and answers, and whether it contradicts itself."""
