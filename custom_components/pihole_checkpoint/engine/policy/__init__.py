"""Decisions as pure functions: they read no clock and no disk.

Retention: which backups are kept, and why.
Current backup: the newest good export of the Pi-hole itself that is not from the future.
Schedule: when the next backup is due, and when the last one was.
Scrub: which stored archives are due to be read again.
"""
