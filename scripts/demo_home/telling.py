"""What the demo says, and how it fails."""


class DemoError(Exception):
    """The demo cannot go on; the message is one sentence for the person who runs it."""


def say(text: str) -> None:
    """Say it at once, also into a pipe."""
    print(text, flush=True)
