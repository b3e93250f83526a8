"""An independent reader of the archive format, written from its description alone."""
