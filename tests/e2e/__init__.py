"""People in Chromium, on a real server."""
