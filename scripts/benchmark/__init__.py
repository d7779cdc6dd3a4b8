"""How fast and how lean the integration is, in ratios measured side by side in one run."""
