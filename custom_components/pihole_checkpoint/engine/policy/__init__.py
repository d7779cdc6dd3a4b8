"""Decisions as pure functions: they read no clock and no disk.

Retention: which backups are kept, and why.
Schedule: when the next backup is due, and when the last one was.
Scrub: which stored archives are due to be read again.
"""
