"""Home Assistant as somebody sees it: a real one, in a real browser."""
