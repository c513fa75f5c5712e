"""What became of an instruction: the same instruction across statements, tied into threads."""
