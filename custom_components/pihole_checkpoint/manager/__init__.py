"""One Pi-hole at work.

Job: something that runs as a task of its own, and can be cancelled.
Progress: what is being done at the moment, as users see it.
Attempt: the last try to make a backup, and how it ended.
Scheduler: makes backups at their time, makes up for missed ones, and retries failed ones.
Persistent state: what survives a restart beside the backups.
"""
