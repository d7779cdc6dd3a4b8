"""A real Pi-hole, backed up and restored by a real Home Assistant.

    PIHOLE_URL=http://192.168.1.2 PIHOLE_PASSWORD=... scripts/test tests/live

THIS CHANGES THE PI-HOLE, for some minutes. It denies one made-up domain, restores a backup from the
moment before, takes that restore back, and takes the domain away again. With every restore the
Pi-hole restarts, so that for some seconds it answers no DNS, and it downloads its lists. In the end
it is as it was, unless somebody else changed it meanwhile: what they did is undone with the rest.

The password is the main one, or an app password where `webserver.api.app_sudo` is on. Every archive
stays below pytest's temporary folder (`--basetemp` says where); they are secrets.
"""
