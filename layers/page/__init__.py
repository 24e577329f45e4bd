"""What pages are made of: one offline file with packed columns, boundaries and a base map inside."""
