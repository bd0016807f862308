"""``parley service``: unattended ends at an Asterisk, one front and as many workers as their calls need.

``front`` passes SIP on between the PBX and the workers, which are backends of four calls each, driven by
JSON-RPC like every other one; ``attendant`` says what becomes of a call; ``description`` reads the file.
"""
