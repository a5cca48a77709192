"""The published file for readers and BI tools: its tables, its protection, and how it replaces the previous file."""
