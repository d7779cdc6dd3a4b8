"""Questions to a Pi-hole, and how each version of it answers.

Each test asks one question about the API. What the real Pi-holes answered is in `answers/`, one
entry for all versions that answered alike. The same questions go to

    scripts/test tests/conformance                           the simulator, as each version
    scripts/test tests/conformance --pihole-url http://127.0.0.1:8080 --pihole-password ...
                                                             a real Pi-hole

THE SECOND CHANGES THAT PI-HOLE: take one that is there for nothing else. It is put back to what it
was after each question. `--pihole-root FOLDER` is where its file system is seen from here (so that
`FOLDER/etc/pihole/gravity.db` is its database): questions that need it are counted as "not asked"
without. `--record-answers` writes down what a real Pi-hole answers instead of comparing it.

For all questions to be asked, that Pi-hole

- listens for http at the URL, for https at another port, and redirects at a third one
  (`webserver.port = "8080o,8081r,8443os"`),
- has one setting forced by its environment: `FTLCONF_webserver_api_temp_limit=61`,
- reaches this machine at the address from which it is asked (it downloads lists from here).
"""
