"""The report: self-contained HTML pages that are made from the published file alone. Nothing is computed here."""
