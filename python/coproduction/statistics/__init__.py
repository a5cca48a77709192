"""The statistics: methods on the ground floor, one module for each estimate above."""
