"""A study of one's own: a project with the vocabulary and without data, made from this one and upgraded from it."""
