"""Reads lists as villages send them: bytes become sheets of cells, sheets become people with a fate and a reason. Knows neither web nor database."""
