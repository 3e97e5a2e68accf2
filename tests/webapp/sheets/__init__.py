"""Lists as messy as life, all invented, and what becomes of each row."""
