"""Back up a Pi-hole v6: fetch, prove and keep its archives. Knows nothing of Home Assistant."""
