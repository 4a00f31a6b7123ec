"""How a text is cut: paragraphs, lines, sentences, and what runs together. Rooms know ranges, not units."""
