"""Pages that set the business up."""
