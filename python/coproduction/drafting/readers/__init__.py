"""Reads the files of survey tools, recognised by what they hold and not by their names."""
