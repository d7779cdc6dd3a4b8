"""The passwords of the simulated Pi-holes."""

PASSWORD = "main-password-of-the-simulator"
APP_PASSWORD = "app-password-of-the-simulator"
NEW_PASSWORD = "the-password-after-that"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
