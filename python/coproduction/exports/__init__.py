"""Reading and checking the councils' exports, before and outside the warehouse."""
