"""SIP through pjsua2. Only ``phone.sip.interface`` may be imported without pjsua2 being loaded."""
