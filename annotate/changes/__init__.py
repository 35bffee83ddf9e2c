"""What changed between two versions of a document, told by content and not by id."""
