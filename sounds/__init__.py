"""What Parley sounds like: 16 kHz, mono. ``make.py`` has made every file from scratch."""
