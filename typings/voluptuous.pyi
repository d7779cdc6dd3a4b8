# Home Assistant puts probatio in the place of voluptuous before it loads any integration.
from probatio import *
