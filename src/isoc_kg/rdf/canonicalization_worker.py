"""The process in which RDFC-1.0 runs: N-Quads from standard input, canonical N-Quads to standard output.

Run as a script by its path, so that nothing of this package is imported.
"""

import sys

import pyoxigraph as ox

if __name__ == "__main__":
    data = ox.Dataset(ox.parse(sys.stdin.buffer.read(), format=ox.RdfFormat.N_QUADS))
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    ox.serialize(data, sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
