"""Backing up and restoring a Pi-hole, without Home Assistant.

pihole/      talks to a Pi-hole
teleporter/  reads an archive
repository/  keeps archives with their records in a folder
policy/      decides what is kept, and when something is due
restore/     brings a backup back

Backup: a stored archive with its record.
Trigger: what asked for a backup.
Report: how an operation says what it is doing at the moment.
"""
