"""One command for the whole product: embedded servers, supervisor and start-up table."""
