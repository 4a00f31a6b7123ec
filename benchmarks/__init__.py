"""What isoc-kg takes, beside its peers and the machine: `python -m benchmarks` measures and draws the page of figures.

The scripts `bench_*.py` measure one room each, and run by themselves.
"""
