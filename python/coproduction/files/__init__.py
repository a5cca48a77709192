"""What lies on disk: the text of files, their encodings and tables, and the warehouse file."""
