"""The engine: shared documents, the people on them, and the log that makes their edits durable.

Imports nothing else of the product; features meet it through `ports.RoomKind` and `ports.Rooms`.
"""
