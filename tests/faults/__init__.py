"""The fault rig: real servers, a real Redis and a real PostgreSQL, and everything that can happen to them.

    make faults                              all of it, in about half an hour; FULL=1 for the full counts
    .venv/bin/python -m tests.faults F1 F5   some of it; results go to docs/benchmarks.md

`proxy` is the network, `rig` the machines, `authors` and `crowd` the people, `bench/ledger.py` what was
promised to them. What can be run is listed in `scenarios`.
"""
