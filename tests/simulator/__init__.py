"""The simulator: the real engine on servers, disk, messages and lines made of chance, in virtual time.

One thread, one clock that moves when nothing else can, one seed from which all chance comes: the same seed
gives the same run, to the last message. So a failure is found by trying thousands of seeds, and looked into
by trying one again:

    .venv/bin/python -m tests.simulator --seeds 10000
    LAB_SEED=4711 .venv/bin/pytest tests/simulator         or  python -m tests.simulator --seed 4711

`disk` and `radio` keep the contracts of `Store` and `Broker`, and fail as far as those allow; `line` and
`person` are browsers on bad networks; `world` makes things go wrong, and says at the end what must be true.
"""
