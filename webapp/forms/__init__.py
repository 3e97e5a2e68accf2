"""Forms per noun: what may be typed, checked with Indonesian sentences beside the field."""
