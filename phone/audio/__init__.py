"""Sound in and out: frames of 20 ms between a sound card, or what stands in for one, and the calls."""
