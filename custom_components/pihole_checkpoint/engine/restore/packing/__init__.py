"""Making the archive for an import: what was chosen of a backup, and nothing else.

Choice: the items, settings and leases that an import takes from the backup.
Payload: the archive that is made, with what the Pi-hole is asked to import of it.
Source: a database that rows are read from: the backup's, or the Pi-hole's from a fresh export.
Exchange: which rows of a table come from the backup, and which of the Pi-hole's go.
"""
