"""A survey of the project in the forms that other programs and archives read."""
