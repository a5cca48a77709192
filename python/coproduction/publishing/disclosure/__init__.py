"""Tests whether an outsider can work out withheld counts from the published file, see docs/disclosure.md."""
