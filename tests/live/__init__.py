"""A real Pi-hole, backed up and restored by a real Home Assistant, as users do it.

    scripts/test tests/live --pihole-url http://127.0.0.1:8080 --pihole-password ...

THIS CHANGES THE PI-HOLE: take one that is there for nothing else. It gets other passwords, items of
all kinds and other settings, restarts and downloads its lists. After each test it is put back to
what it was at the beginning, and nobody may be left logged in.

It is the Pi-hole that `tests/conformance` asks for, with the same options, and these:

- `--pihole-root FOLDER`, where its file system is seen from here, for the tests in which its host
  does not know its versions, or another program writes to its database,
- `--pihole-proxy-url URL`, where a proxy such as nginx has it below a path, for example
  `http://127.0.0.1:8082/pihole`,
- `--pihole-archives FOLDER`, with Teleporter archives of Pi-holes of other versions, each with its
  version as its name: `6.0.zip`.

What cannot be tried without them is skipped, and so is what needs nginx where there is none.
`scripts/real-pihole` starts a Pi-hole with all but the archives. Every archive stays below pytest's
temporary folder (`--basetemp` says where).
"""
