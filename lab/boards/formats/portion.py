"""The portion of a board that goes into a file: one area of it, and nobody's name where none are shown."""

from __future__ import annotations

from lab.boards.arrangement import Arrangement
from lab.boards.objects import BoardContent, BoardObject


def within(content: BoardContent, area: str) -> BoardContent:
    """The area, what lies in it, and the connectors between those: what a picture of the area shows."""
    board = Arrangement(content)

    def is_inside(one: BoardObject) -> bool:
        if one.kind != "connector":
            return board.area(one) == area
        ends = (board.at(one, "start"), board.at(one, "end"))
        return all(end and board.area(board.objects[end]) == area for end in ends)

    return content.model_copy(update={"objects": tuple(one for one in content.objects if is_inside(one))})


def nameless(content: BoardContent) -> BoardContent:
    """Without anything that says who. How many gave a reaction stays; the same person's on two notes cannot
    be told to be one person's."""
    return content.model_copy(
        update={
            "objects": tuple(
                one.model_copy(
                    update={
                        "by": None,
                        "reactions": {
                            emoji: tuple(f"somebody{at}" for at in range(1, len(persons) + 1))
                            for emoji, persons in one.reactions.items()
                        },
                    }
                )
                for one in content.objects
            )
        }
    )
