"""What an outsider can work out from the published file: the test of what is withheld, see docs/disclosure.md."""
