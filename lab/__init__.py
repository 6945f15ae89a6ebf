"""A live workspace for one hard question in health and care."""

__version__ = "0.1.0"
