"""Intake: the passages of a document in any format that is read here, and the text that they are."""
