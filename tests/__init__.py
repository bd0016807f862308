"""Everything that shows what Parley does and does not do."""
