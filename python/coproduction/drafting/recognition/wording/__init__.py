"""What the words of a question say: example wordings, themes, and what is asked besides."""
