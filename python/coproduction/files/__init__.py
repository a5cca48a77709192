"""The files on disk: their text, encoding and table, and the file of the warehouse."""
