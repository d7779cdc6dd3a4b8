"""The folder with one Pi-hole's backups.

Backup: an archive with its record beside it.
Record: what is known about a backup, as JSON. The archive is the truth: a record can be rebuilt.
Staging: where an archive is until it is verified and complete.
Commit: to make a staged archive a backup.
Index: all backups of a repository, and what is often asked about them.
Adopt: to take in an archive that came from outside.
Repository ID: the content of a file by which the folder is recognized, see `Folder.prepare`.
Relocate: to move a repository to another folder.
"""
