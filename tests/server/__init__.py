"""Tests of the server, over HTTP, against the running program."""
