"""What people say of the records: accepted, edited, rejected, added; kept apart from what the machine found."""
