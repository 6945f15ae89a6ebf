"""Idea boards: notes, areas, connectors and pictures that a group arranges together."""
