"""What pictures are made of: the same marks, ground and words as in the page, drawn on a sheet."""
