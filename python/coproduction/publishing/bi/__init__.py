"""Tables for BI tools, in the schema `bi` of the published file."""
