"""Restoring a backup.

Request: what is to be restored.
Payload: the archive that is made for an import, from the backup and the Pi-hole's present state.
Merge: the payload's gravity database, with the columns and ids that the Pi-hole has now.
Import: sending the payload to the Pi-hole, which restarts.
Safety backup: the export from just before the import, with which a restore can be undone.
Verify: to export once more, and compare with what was expected.
"""
