"""Backing up and restoring a Pi-hole, without Home Assistant.

pihole/      talks to a Pi-hole
teleporter/  reads an archive
repository/  keeps archives with their records in a folder
policy/      decides which backups are kept, and when something is due
restore/     restores a backup

Backup: a stored archive with its record.
Trigger: the reason for a backup, such as the schedule.
Report: a callback for the progress of an operation.
"""
