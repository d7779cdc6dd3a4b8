"""Reading an archive, in bounded time and memory for any bytes.

Archive: the zip, byte for byte as the Pi-hole sent it. Its members are `pihole.toml`, the gravity
    database, and other files of the Pi-hole.
Layout: which member is which file of Pi-hole's; people pack archives again in many ways.
Config: the values of `pihole.toml`.
Gravity: the lists, domains, clients and groups in the gravity database.
Contents: the data in an archive, without the parts that change by themselves.
Fingerprint: a hash over the contents.
Change, diff: one difference between two contents; all of them.
Limits: the largest archive, file, table and text that is read.
Memory budget: how many bytes may be held of one archive.
"""
