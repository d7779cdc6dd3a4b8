"""Every string that leaves the code, as it is: stored, sent, shown to automations, translated.

Modules, classes and functions may get other names. What is in `data` may not: it is in the files,
automations and dashboards of users. `test_golden.py` lives through much of what can happen, in a
real Home Assistant with simulated Pi-holes, and writes down what comes out; nothing here knows a
module of the integration.

A key of a data file is where something was seen, as `answers: restore.safety_backup.id`. Its values
are all that was seen there. What is random, a time, a number or a sentence is there as its kind, in
angle brackets; the sentence of an error or a remark is there by the key of its translation.

New strings are added to the data files by `scripts/test tests/golden --update-golden`, and for the
card by `scripts/test tests/browser/test_golden.py --update-golden`. That takes nothing away: who
means to break what users have has to edit the file.
"""
