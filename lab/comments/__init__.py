"""Comments: conversations fixed to something in a place (a statement, a board), with replies and mentions."""
