"""Hold every string that leaves the code: stored, sent, shown to automations, or translated.

Modules, classes and functions may be renamed. The strings in `data` may not, because they are in
the files, automations and dashboards of users. `test_golden.py` goes through a long scenario in a
real Home Assistant with simulated Pi-holes, records every string that comes out, and compares the
record with `data`. It imports no module of the integration, so it runs unchanged after a move.

A key of a data file names the place where a string was seen, such as
`restore.safety_backup.id` in `answers.json`. Its values are all strings that were seen there. A
placeholder in angle brackets stands for what differs each time: an ID, a time, a number, a
sentence. The sentence of an error or a remark is recorded by its translation key.

To add new strings, run `scripts/test tests/golden --update-golden` and, for the card,
`scripts/test tests/browser/test_golden.py --update-golden`. Neither removes a string. To remove
one, edit the file: that breaks what users have.
"""
