"""What the page answers, one module a kind of thing."""
