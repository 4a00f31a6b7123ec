"""What is served: linked data of a publication or of a store."""
