"""Home Assistant itself, less the voice and camera parts that it always loads.

They want libraries that must be compiled on many systems. Without these, each part fails to load,
and a log that is full of that hides what is wrong with the integration. Nothing else is different.
"""

from importlib.util import find_spec
import sys
from types import ModuleType

from homeassistant import bootstrap
from homeassistant.__main__ import main

_NOT_LOADED = {
    "ai_task",
    "assist_satellite",
    "camera",
    "conversation",
    "image_processing",
    "infrared",
    "radio_frequency",
    "stt",
    "tts",
    "wake_word",
}
# To describe any action to the frontend, Home Assistant imports those parts all the same. Their
# libraries then have to be there by name; nothing of them is ever called.
_STAND_INS = {
    "pymicro_vad": "MicroVad",
    "pyspeex_noise": "AudioProcessor",
    "turbojpeg": "TurboJPEG",
}


def _prepare() -> None:
    bootstrap.DEFAULT_INTEGRATIONS -= _NOT_LOADED
    for name, member in _STAND_INS.items():
        if find_spec(name) is None:
            sys.modules[name] = module = ModuleType(name)
            setattr(module, member, type(member, (), {}))


if __name__ == "__main__":
    _prepare()
    sys.exit(main())
