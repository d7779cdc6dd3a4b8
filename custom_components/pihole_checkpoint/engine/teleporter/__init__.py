"""Reading an archive.

Archive: the zip, byte for byte as the Pi-hole sent it. Its members are `pihole.toml`, the gravity
    database, and what else the Pi-hole keeps.
Config: the values of `pihole.toml`.
Gravity: the lists, domains, clients and groups in the gravity database.
Contents: what an archive holds, without what changes by itself.
Fingerprint: a hash over the contents.
Change, diff: one difference between two contents; all of them.
Memory budget: how many bytes may be held of one archive.
"""
