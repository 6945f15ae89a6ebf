"""Parts of bench/board.py: the scene, the two boards that are compared, and people who work on ours."""
