"""Every sentence that the doctor says, with ``{places}`` for the facts."""

from __future__ import annotations

from dataclasses import dataclass

from phone.calls.findings import Check, Finding, Verdict
from phone.calls.security import PBX_MEDIA
from phone.calls.values import Why
from phone.sip.inquiry import NOT_SIP
from phone.sip.reasons import NO_ANSWER, REFUSED

FINE, WARNING, BROKEN, NOT_CHECKED = Verdict


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one state of things."""

    check: Check
    verdict: Verdict
    found: str
    remedy: str = ""
    command: str = ""

    def __call__(self, account: str | None = None, /, **facts: str) -> Finding:
        """Return the finding that this is so."""
        said = (self.found, self.remedy, self.command)
        found, remedy, command = (text.format(**facts) if facts else text for text in said)
        words = (self.found, self.remedy)
        return Finding(self.check, account, self.verdict, found, remedy, command, words, facts)


def because(check: Check, account: str | None, why: Why, verdict: Verdict = WARNING) -> Finding:
    """Return the finding whose words another room has."""
    return Words(check, verdict, why.text, why.remedy)(account)


NO_ACCOUNT = Words(
    Check.ACCOUNT,
    NOT_CHECKED,
    "There is no account: calls go straight to other phones alone.",
    "Add one.",
    "parley account add sip:USER@HOST",
)

MEANWHILE = Words(Check.ACCOUNT, NOT_CHECKED, "The account was changed or removed meanwhile.")
BROKE_OFF = Words(
    Check.VERSIONS,
    BROKEN,
    "The checks broke off: this is a mistake of Parley's own.",
    "The log of the backend has it; please report it.",
)

# the name

IS_ADDRESS = Words(Check.DNS, FINE, "The server is given by its address, {host}.")
RESOLVED = Words(Check.DNS, FINE, "{host} is at {addresses}.")
NOT_RESOLVED = Words(
    Check.DNS,
    BROKEN,
    "{host} has no address: no such name, or no network to ask.",
    "Check the spelling of the name and the network of this computer, or give the server by its IP address.",
    "parley account edit {account} --uri sip:USER@ADDRESS",
)
NAME_SERVER_SILENT = Words(
    Check.DNS,
    BROKEN,
    "{host} cannot be looked up: the name server does not answer.",
    "Check the network of this computer and its name server.",
)
ONLY_IPV6 = Words(
    Check.DNS,
    BROKEN,
    "{host} has IPv6 addresses alone ({addresses}), and Parley speaks IPv4.",
    "Give the server a name or an address in IPv4.",
)
SERVICE_ELSEWHERE = Words(
    Check.DNS,
    BROKEN,
    "{host} is not the server itself: it names {target}, port {port}, for SIP (an SRV record), which Parley"
    " does not look up by itself.",
    "Name that server as the outbound proxy: sip:{target}:{port}.",
    "parley account edit {account} --proxy sip:{target}:{port}",
)

# the port

ANSWERS = Words(Check.PORT, FINE, "{where} answers SIP over {transport}: {server}.")
ANSWERS_ANONYMOUSLY = Words(Check.PORT, FINE, "{where} answers SIP over {transport}.")
SILENT_REMEDY = (
    "Check the port in the account's address, and whether the server takes {transport}. A firewall may throw"
    " the packets away, or the server may have banned this address after wrong passwords (fail2ban)."
)
REFUSED_REMEDY = (
    "Check the port in the account's address, whether the server runs, and whether it takes {transport} (in"
    " Asterisk: pjsip show transports)."
)
NETWORK_REMEDY = "Check the network of this computer, and the address that Parley is bound to (--bind)."
NOT_SIP_REMEDY = "Another program has that port: check the port in the account's address."

# TLS

NO_TLS = Words(
    Check.TLS,
    NOT_CHECKED,
    "Registrations and calls are announced over {transport}, unencrypted, so there is no certificate to"
    " check: Parley has no TLS for them yet. How the sound is protected is another matter: each call tells.",
)

# the login

REGISTERED = Words(
    Check.DIGEST,
    FINE,
    "Registered. The server has accepted the password, as a digest of kind {algorithm} for the realm"
    " {realm}.",
)
REGISTERED_FREELY = Words(
    Check.DIGEST,
    WARNING,
    "Registered. The server asks for no password: anybody can take this account's calls.",
    "Give its endpoint a password. In Asterisk: a section with type=auth, named in auth= of the endpoint.",
)
WRONG_PASSWORD = Words(
    Check.DIGEST,
    BROKEN,
    "The server refuses the password, or it has no user {user}: it does not tell which. It asks for the realm"
    " {realm}.",
    "Compare user name and password with what the PBX has (in Asterisk: the auth section that the endpoint"
    " names), and type the password anew. If the login has another name than the address, give it as the"
    " authentication user.",
    "parley account edit {account} --secret-stdin",
)
FORBIDDEN = Words(
    Check.DIGEST,
    BROKEN,
    "The server refuses this account: the password is wrong, or the user {user} may not register.",
    "Type the password anew. If it is right, the PBX has to allow the registration (in Asterisk: max_contacts"
    " of its aor, and acl of its endpoint).",
    "parley account edit {account} --secret-stdin",
)
UNKNOWN_USER = Words(
    Check.DIGEST,
    BROKEN,
    "The server does not know the user {user}.",
    "Check the name before the @ of the account's address. In Asterisk there has to be an aor of that name,"
    " named in aors= of the endpoint.",
)
NO_SECRET = Words(
    Check.DIGEST,
    BROKEN,
    "The server asks for a password, and this account has none.",
    "Type the password.",
    "parley account edit {account} --secret-stdin",
)
OTHER_REALM = Words(
    Check.DIGEST,
    BROKEN,
    "The account's secret is a digest for the realm {ours}, and the server asks for {theirs}.",
    "Give the digest for that realm, with its name (--realm), or the password itself.",
    "parley account edit {account} --credential password --secret-stdin",
)
OTHER_DIGEST = Words(
    Check.DIGEST,
    BROKEN,
    "The account's secret is a digest of kind {ours}, and the server asks for {theirs}.",
    "Give the digest of that kind (--credential), or the password itself.",
    "parley account edit {account} --credential password --secret-stdin",
)
NO_REGISTRATION = Words(
    Check.DIGEST,
    BROKEN,
    "The server answers, but not to the registration.",
    "Look into the log of the server; in Asterisk, pjsip set logger on shows what arrives.",
)
REFUSED_REMEDY_LOG = "Look into the log of the server: it says more of the cause."
NOT_REACHED = Words(Check.DIGEST, NOT_CHECKED, "The server was not reached, so no password was sent.")

# what its answers tell

CLOCKS_AGREE = Words(Check.CLOCK, FINE, "The clocks of the server and of this computer agree.")
CLOCKS_DIFFER = Words(
    Check.CLOCK,
    WARNING,
    "The clocks of the server and of this computer differ by {difference}.",
    "Set the one that is wrong, best by NTP: dates of calls, messages and verifications are taken from it.",
)
NO_NAT = Words(Check.NAT, FINE, "The server sees this computer at its own address, {own}.")
NAT = Words(
    Check.NAT,
    WARNING,
    "The server sees this computer at {seen}, and not at its own address {own}: there is a NAT in between.",
    "In Asterisk set rewrite_contact=yes, force_rport=yes and rtp_symmetric=yes for this endpoint. Phones"
    " behind different NATs may not reach each other directly.",
)

# a call

NO_CALL = Words(
    Check.CALL,
    NOT_CHECKED,
    "No call was made.",
    "Name an extension that answers by itself, best an echo.",
    "parley doctor {account} --call 600",
)
CALL_WAITS = Words(Check.CALL, NOT_CHECKED, "No call was made: the account has to work first.")
BUSY_HERE = Words(
    Check.CALL, NOT_CHECKED, "No call was made: there is another one.", "Hang up, then try again."
)
CALL_FAILED = Words(
    Check.CALL,
    BROKEN,
    "{target} did not answer. {reason}",
    "Name an extension that answers by itself, best an echo (in Asterisk's extensions.conf:"
    " exten => 600,1,Answer() and same => n,Echo()).",
)
CANNOT_CALL = Words(
    Check.CALL,
    BROKEN,
    "{target} cannot be called. {reason}",
    "Name an extension or an address that answers by itself, best an echo.",
)
CALLED = Words(Check.CALL, FINE, "{target} has answered; codec {codec}.")
CALLED_WITHOUT_SOUND = Words(
    Check.CALL,
    BROKEN,
    "{target} has answered, but no sound was agreed on.",
    "Compare the codecs of both ends.",
)
BOTH_WAYS = Words(
    Check.RTP,
    FINE,
    "Sound goes both ways: what was sent came back. Packets sent: {sent}, received: {received}, lost:"
    " {lost}.",
)
CONFIRMED = Words(
    Check.RTP,
    FINE,
    "Sound goes both ways. Packets sent: {sent}, received: {received}, lost: {lost}.",
)
ONE_WAY = Words(
    Check.RTP,
    WARNING,
    "Sound arrives here ({received} packets, {lost} lost). Whether ours ({sent} packets) arrives there cannot"
    " be told: it did not come back.",
    "Call an echo to be sure.",
)
NOTHING_BACK = Words(
    Check.RTP,
    BROKEN,
    "The call stands, but no sound arrives from {remote}: {sent} packets were sent, and none came back.",
    "A firewall or a NAT stops it: UDP has to pass both ways between this computer and the PBX (in Asterisk's"
    " rtp.conf: the ports from rtpstart to rtpend). Behind a NAT, Asterisk needs rtp_symmetric=yes, and its"
    " own address in external_media_address if it is behind one itself.",
)
LOSSY = Words(
    Check.RTP,
    WARNING,
    "Sound goes both ways, but much is lost on the way here: {lost} of {all} packets.",
    "Try a cable in place of wireless, or another network.",
)
ASKED = Words(
    Check.RTP,
    NOT_CHECKED,
    "Nothing was sent or heard: earlier calls with {target} had more protection than this one, so Parley"
    " waits for a word of yours.",
    "Call it yourself, and decide then.",
    "parley call {target}",
)
HELD_BACK = Words(
    Check.RTP,
    NOT_CHECKED,
    "Nothing was sent or heard: {policy} asks for more protection than this call has.",
    "See direct media; or ask for less for this account.",
    "parley account edit {account} --policy prefer",
)
DIRECT = Words(
    Check.DIRECT_MEDIA,
    FINE,
    "The sound goes straight to the other end, encrypted, after {ms} ms: nobody in between can hear it.",
)
AUTHENTICATED = Words(
    Check.DIRECT_MEDIA,
    FINE,
    "The sound goes straight to the other end, encrypted, and that end has proved that it knows the account's"
    " secret ({authenticated}).",
)
PBX_CARRIES = Words(
    Check.DIRECT_MEDIA,
    WARNING,
    "The PBX carries the sound of this call. For an extension of its own, such as an echo, it always does; if"
    " {target} is another phone, there is no direct path to it that could be encrypted.",
    PBX_MEDIA.remedy,
)
NOT_DIRECT = Words(
    Check.DIRECT_MEDIA, NOT_CHECKED, "Whether sound can go straight to other phones was not tried."
)

# sound

FILES = Words(
    Check.DEVICES,
    NOT_CHECKED,
    "The backend was started with files in place of sound devices (--play, --record or --echo).",
)
NO_DEVICES = Words(
    Check.DEVICES,
    BROKEN,
    "There is no sound device: calls are silent.",
    "Plug one in; on Linux the sound system (PulseAudio, PipeWire or ALSA) has to run for this user. A"
    " machine without sound can use files.",
    "parley serve --play WAV --record WAV",
)
DEVICES = Words(Check.DEVICES, FINE, "{backend}; microphones: {microphones}; speakers: {speakers}.")
IN_USE = Words(Check.DEVICES, FINE, "A call is using them: {microphone}, {speaker}.")
MICROPHONE = Words(Check.MICROPHONE, FINE, "{name} was opened, and hears.")
MICROPHONE_SILENT = Words(
    Check.MICROPHONE,
    WARNING,
    "{name} was opened, and hears nothing at all: it is probably muted.",
    "Look for a switch on the device, and for the microphone in the sound settings of the system; or choose"
    " another.",
    "parley devices use microphone NAME",
)
MICROPHONE_OFF = Words(
    Check.MICROPHONE,
    WARNING,
    "The microphone's volume is at 0 %.",
    "Turn it up.",
    "parley devices volume microphone 100",
)
NO_MICROPHONE = Words(
    Check.MICROPHONE,
    BROKEN,
    "No microphone could be opened: others will not hear you.",
    "Plug one in, or end the program that has it.",
    "parley devices list",
)
SPEAKER = Words(Check.SPEAKER, FINE, "{name} was opened.", "", "parley devices try speaker")
SPEAKER_OFF = Words(
    Check.SPEAKER,
    WARNING,
    "The speaker's volume is at 0 %.",
    "Turn it up.",
    "parley devices volume speaker 100",
)
NO_SPEAKER = Words(
    Check.SPEAKER,
    BROKEN,
    "No speaker could be opened: you will not hear others.",
    "Plug one in, or end the program that has it.",
    "parley devices list",
)

# this installation

LISTENS = Words(
    Check.LISTENING,
    FINE,
    "Parley takes SIP at {sip}, over UDP and TCP, and sound over UDP at ports {first} to {last}.",
)
ONLY_HERE = Words(
    Check.LISTENING,
    WARNING,
    "Parley takes SIP at {sip}, which nobody but this computer reaches.",
    "Check the network of this computer; started with --bind 127.0.0.1, it is as it should be.",
)
VERSIONS = Words(
    Check.VERSIONS,
    FINE,
    "Parley {parley}, Python {python}, pjsua2 {pjsua2}; sound at {rate} Hz; codecs: {codecs}.",
)

UNREACHED = {
    NO_ANSWER: SILENT_REMEDY,
    REFUSED: REFUSED_REMEDY,
    NOT_SIP: NOT_SIP_REMEDY,
}
"""What helps where the server does not answer, by what was found; anything else: ``NETWORK_REMEDY``."""
