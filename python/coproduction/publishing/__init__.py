"""The snapshot that readers and BI tools open: what goes into it, what guards it, and how it takes its place."""
