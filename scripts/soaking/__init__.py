"""Faults that really happen, tried by the hundred."""
