"""Pi-hole's HTTP API. This package imports nothing else of ours.

Client: one Pi-hole at one address, with its password.
Session: what a login opens on the Pi-hole; it takes one of a few seats until it is closed.
Closing: closes in the background the sessions that could not be closed at once.
Transport: one request over a connection of its own, and everything that can go wrong with it.
Answer: the JSON that a Pi-hole answers with.
Moment: how long a trouble may last that passes by itself, as a restart or a lock does.
Proxy: any program in between that answers in the Pi-hole's place.
Item: a group, list, domain or client, which can be changed without an import.
Setting: a value of the Pi-hole's configuration, by its full name such as `dns.upstreams`.
Archive: the Teleporter zip that a Pi-hole exports and imports.
Gravity update: the Pi-hole downloads its lists and rebuilds its database.
Shielded: awaited to its end, also when the caller is cancelled.
Redaction: removing secrets from texts.
"""
