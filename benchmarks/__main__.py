"""Measure isoc-kg beside its peers and the machine, and draw the page.

    python -m benchmarks [--quick] [--peers DIR] [--install] [-o DIR] [--record]

Exit code 0 whatever the figures say; 1 when --instructions counts more than was recorded.
"""

import sys

from benchmarks.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
