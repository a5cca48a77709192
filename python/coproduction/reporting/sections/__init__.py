"""The sections of a page: each module has one function from the scope of a page to a section."""
