"""The passwords of the simulated Pi-holes."""

PASSWORD = "main-password-of-the-simulator"
APP_PASSWORD = "app-password-of-the-simulator"
