"""The dashboard that is shown after the login."""

from dataclasses import dataclass

type Card = dict[str, object]

PATH = "pihole-backup"
TITLE = "Pi-hole backup"
ICON = "mdi:pi-hole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """The entities of the Pi-hole, by what they are to the integration."""

    backup_now: str
    last_backup: str
    backup_count: str


def dashboard(title: str, entities: Entities) -> dict[str, object]:
    """Lay it out: what one presses on the left, what has happened on the right, the card below."""
    return {
        "views": [
            {
                "type": "sections",
                "title": TITLE,
                "max_columns": 2,
                "sections": [
                    {"type": "grid", "cards": _pihole(title, entities)},
                    {"type": "grid", "cards": _activity(entities)},
                    {
                        "type": "grid",
                        "column_span": 2,
                        "cards": [{"type": "custom:pihole-checkpoint-card"}],
                    },
                ],
            }
        ]
    }


def _pihole(title: str, entities: Entities) -> list[Card]:
    return [
        {"type": "heading", "heading": title, "icon": ICON},
        {
            "type": "button",
            "entity": entities.backup_now,
            "name": "Backup now",
            "icon_height": "64px",
            "grid_options": {"columns": 12, "rows": 3},
            "tap_action": {
                "action": "perform-action",
                "perform_action": "button.press",
                "target": {"entity_id": entities.backup_now},
            },
        },
        {"type": "tile", "entity": entities.last_backup, "name": "Last backup", "color": "green"},
        {"type": "tile", "entity": entities.backup_count, "name": "Backups", "color": "blue"},
    ]


def _activity(entities: Entities) -> list[Card]:
    return [
        {"type": "heading", "heading": "Activity", "icon": "mdi:history"},
        {
            "type": "logbook",
            "target": {"entity_id": [entities.backup_now, entities.last_backup]},
            "hours_to_show": 24,
            "grid_options": {"columns": 12, "rows": 4},
        },
    ]
