"""The whole way through the product, in a real browser over real processes."""
