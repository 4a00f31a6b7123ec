"""Documents: their texts cut into units, and the indexes of their editions."""
