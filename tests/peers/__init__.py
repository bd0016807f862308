"""The real programs and networks of the end-to-end tests, and the instruments that measure them."""
