"""The Asterisk configuration that the tests use: its accounts, its extensions, its files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

REALM = "lab.example"


class Digest(Enum):
    """What Asterisk keeps of an account's password, and which digests it asks for."""

    PASSWORD = "the password itself, MD5"
    MD5_HA1 = "MD5 HA1 only"
    SHA256_HA1 = "SHA-256 HA1 only, and it offers no other"


@dataclass(frozen=True, slots=True)
class Account:
    """One phone's account at the PBX."""

    user: str
    extension: str
    password: str
    digest: Digest = Digest.PASSWORD
    direct_media: bool = True
    codecs: str = "ulaw,alaw"
    dtmf: str = "rfc4733"
    dtls: bool = False
    """Asterisk carries the media under DTLS-SRTP."""
    subscribes: bool = False
    """Its mailbox is told to those who subscribe, not of Asterisk's own accord."""

    def auth(self) -> str:
        """Return the body of its ``type=auth`` section."""
        common = f"type=auth\nauth_type=digest\nusername={self.user}\nrealm={REALM}\n"
        match self.digest:
            case Digest.PASSWORD:
                return f"{common}password={self.password}\n"
            case Digest.MD5_HA1:
                return f"{common}password_digest=MD5:{self.ha1('md5')}\n"
            case Digest.SHA256_HA1:
                # without the _uac line Asterisk refuses the section
                return (
                    f"{common}password_digest=SHA-256:{self.ha1('sha256')}\n"
                    "supported_algorithms_uas=SHA-256\nsupported_algorithms_uac=SHA-256\n"
                )

    def ha1(self, algorithm: str) -> str:
        """Return the hash that stands for the password in digest authentication (RFC 7616 §3.4.2), in hex."""
        return hashlib.new(algorithm, f"{self.user}:{REALM}:{self.password}".encode()).hexdigest()


ALICE = Account("alice", "101", "wonderland-and-back")
BOB = Account("bob", "102", "builds-houses")
CAROL = Account("carol", "103", "sings-at-dusk", subscribes=True)
MAX = Account("max", "104", "only-a-digest-of-this", Digest.MD5_HA1, dtmf="info")
SHIRLEY = Account("shirley", "105", "only-a-longer-digest-of-this", Digest.SHA256_HA1)
DORA = Account("dora", "106", "media-through-the-house", direct_media=False)
DUNCAN = Account("duncan", "107", "media-through-the-castle", direct_media=False)
WIDE = "g722,ulaw,alaw"
HANNA = Account("hanna", "111", "hears-the-high-notes", codecs=WIDE)
HUGO = Account("hugo", "112", "hears-them-as-well", codecs=WIDE)
IDA = Account("ida", "113", "wide-through-the-house", direct_media=False, codecs=WIDE)
IVAN = Account("ivan", "114", "wide-through-the-castle", direct_media=False, codecs=WIDE)
SELMA = Account("selma", "115", "keeps-it-in-the-house", direct_media=False, dtls=True)
SVEN = Account("sven", "116", "keeps-it-in-the-castle", direct_media=False, dtls=True)
ACCOUNTS = (ALICE, BOB, CAROL, MAX, SHIRLEY, DORA, DUNCAN, HANNA, HUGO, IDA, IVAN, SELMA, SVEN)

ECHO = "600"
MUSIC = "601"
DTMF = "602"
BUSY = "603"
NO_ANSWER = "604"
EARLY_MEDIA = "605"
VOICEMAIL = "606"
REJECTED = "607"
UNASSIGNED = "699"

EARLY_HZ = 770
"""The tone that ``EARLY_MEDIA`` plays for three seconds before it answers."""
LATE_HZ = 940
"""The tone that it plays after."""
MUSIC_HZ = 330
"""What music on hold sounds like here."""

EXTENSIONS = f"""
exten => {ECHO},1,Answer()
 same => n,Echo()
exten => {MUSIC},1,Answer()
 same => n,MusicOnHold(default)
exten => {DTMF},1,Answer()
 same => n,Read(DIGITS,,4,,1,20)
 same => n,Set(DB(dtmf/last)=${{DIGITS}})
 same => n,Hangup()
exten => {BUSY},1,Hangup(17)
exten => {NO_ANSWER},1,Ringing()
 same => n,Wait(2)
 same => n,Hangup(19)
exten => {EARLY_MEDIA},1,Progress()
 same => n,Playtones({EARLY_HZ})
 same => n,Wait(3)
 same => n,StopPlaytones()
 same => n,Answer()
 same => n,Playtones({LATE_HZ})
 same => n,Wait(60)
exten => {VOICEMAIL},1,Answer()
 same => n,VoiceMail(101@lab,su)
 same => n,Hangup()
exten => {REJECTED},1,Hangup(21)
"""

DTLS = """media_encryption=dtls
media_encryption_optimistic=yes
media_use_received_transport=yes
dtls_auto_generate_cert=yes
dtls_verify=fingerprint
dtls_setup=actpass"""
"""What README tells administrators to set."""

CURIOUS_USERS = ("quentin", "rosa")
CURIOUS = f"""; What is uncommon, and right: Asterisk and Parley must read the same.
[curious](!) ; a template
type=auth
realm => {REALM}
auth_type = digest ;-- over
[hidden]
type=auth ;-- nested --;
lines --;
[curious-user](!,curious)
username=nobody
password = of the template
[quentin](curious-user)
USERNAME = quentin
password = semi\\;colon = and ;---- a comment
password += more
[rosa](curious)
username=rosa
[rosa](+type=auth)
\\password_digest = md5 :{"5a" * 16} , SHA-256:{"c3" * 32}
[quentin]
type=endpoint
context=lab
auth=quentin
callerid="Quentin" <121>
[rosa]
type=endpoint
context=lab
auth=rosa
"""
"""Accounts that nobody uses, written in every way that Asterisk understands."""

MANUAL = Path(__file__).parents[2] / "docs" / "service.md"
"""What it tells people to write into their configuration is what is tested."""


def manual(kind: str) -> str:
    """Return the block of this kind in the manual."""
    return MANUAL.read_text(encoding="utf-8").partition(f"```{kind}\n")[2].partition("```")[0]


MODULES = """
app_db app_dial app_echo app_playback app_playtones app_read app_stack app_verbose app_voicemail
bridge_builtin_features bridge_native_rtp bridge_simple chan_pjsip codec_a_mu codec_alaw codec_g722
codec_resample codec_ulaw format_pcm format_wav func_callerid func_channel func_db func_strings pbx_config
res_adsi res_musiconhold res_pjproject res_pjsip res_pjsip_acl res_pjsip_authenticator_digest
res_pjsip_caller_id res_pjsip_dlg_options res_pjsip_dtmf_info res_pjsip_endpoint_identifier_ip
res_pjsip_endpoint_identifier_user res_pjsip_logger res_pjsip_mwi res_pjsip_mwi_body_generator
res_pjsip_nat res_pjsip_outbound_authenticator_digest res_pjsip_pubsub res_pjsip_refer res_pjsip_registrar
res_pjsip_rfc3326 res_pjsip_sdp_rtp res_pjsip_session res_rtp_asterisk res_smdi res_srtp res_sorcery_astdb
res_sorcery_config res_sorcery_memory res_timing_timerfd
"""


def files(*, folder: str, libraries: str, ip: str, sip_port: int) -> dict[str, str]:
    """Return every configuration file by name; ``folder`` is the run's own, as Asterisk sees it."""
    return {
        "asterisk.conf": f"""[directories]
astetcdir => {folder}/etc
astmoddir => {libraries}
astvarlibdir => {folder}/var
astdbdir => {folder}/var
astkeydir => {folder}/var
astcachedir => {folder}/var
astdatadir => /usr/share/asterisk
astagidir => {folder}/var
astspooldir => {folder}/spool
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
verbose = 3
documentation_language = en_US
""",
        "modules.conf": "[modules]\nautoload=no\n"
        + "".join(f"load = {name}.so\n" for name in MODULES.split()),
        "pjsip.conf": _pjsip(ip, sip_port),
        "pjsip_more_curious.conf": CURIOUS,
        # as on a machine with one address, which loopback is not
        "pjsip_more_service.conf": manual("pjsip").replace(
            "type=endpoint\n", f"type=endpoint\nmedia_address={ip}\nbind_rtp_to_media_address=yes\n"
        ),
        "extensions.conf": _extensions(),
        "rtp.conf": "[general]\nrtpstart=20000\nrtpend=20999\nstrictrtp=yes\n",
        "musiconhold.conf": f"[default]\nmode=files\ndirectory={folder}/music\n",
        "voicemail.conf": (
            "[general]\nformat=wav\nattach=no\nmaxsecs=60\nminsecs=1\nmaxsilence=0\nmailcmd=/bin/true\n[lab]\n"
            + "".join(f"{account.extension} => 1234,{account.user}\n" for account in ACCOUNTS)
        ),
        "logger.conf": "[general]\ndateformat=%T.%3q\n[logfiles]\nfull => notice,warning,error,verbose\n",
        "indications.conf": (
            "[general]\ncountry=us\n[us]\ndescription=US\nringcadence=2000,4000\n"
            "dial=350+440\nbusy=480+620/500,0/500\nring=440+480/2000,0/4000\ncongestion=480+620/250,0/250\nrecord=1400/500,0/15000\n"
        ),
        **dict.fromkeys(
            ("features.conf", "ccss.conf", "cel.conf", "cdr.conf", "udptl.conf", "acl.conf", "stasis.conf"),
            "",
        ),
        **dict.fromkeys(("codecs.conf", "pjproject.conf", "sorcery.conf", "cli.conf", "dsp.conf"), ""),
        **dict.fromkeys(("manager.conf", "http.conf"), "[general]\nenabled=no\n"),
    }


def _pjsip(ip: str, sip_port: int) -> str:
    sections = [
        f"""[global]
type=global
endpoint_identifier_order=username,auth_username,ip
default_realm={REALM}
#tryinclude "none*.conf"
#include pjsip_more_*.conf
[udp]
type=transport
protocol=udp
bind={ip}:{sip_port}
[tcp]
type=transport
protocol=tcp
bind={ip}:{sip_port}
"""
    ]
    return "".join(
        [*sections, *(phone(account, ip, f"[{account.user}]\n{account.auth()}") for account in ACCOUNTS)]
    )


def phone(account: Account, ip: str, auth: str) -> str:
    """Return the sections of an account; ``auth`` is the one with its secret."""
    mailbox = f"mailboxes={account.extension}@lab"
    return f"""[{account.user}]
type=endpoint
context=lab
disallow=all
allow={account.codecs}
aors={account.user}
auth={account.user}
callerid="{account.user.title()}" <{account.extension}>
direct_media={"yes" if account.direct_media else "no"}
direct_media_method=invite
media_address={ip}
bind_rtp_to_media_address=yes
rewrite_contact=no
dtmf_mode={account.dtmf}
{"" if account.subscribes else mailbox}
mwi_subscribe_replaces_unsolicited=yes
{DTLS if account.dtls else "media_encryption=no"}
[{account.user}]
type=aor
max_contacts=1
remove_existing=yes
qualify_frequency=0
{mailbox if account.subscribes else ""}
{auth}"""


def _extensions() -> str:
    # Dial() without options: t, T, k, K, w, W, h, H, x and X would keep the media in Asterisk
    phones = "".join(
        f"exten => {account.extension},1,Dial(PJSIP/{account.user},25)\n same => n,Hangup()\n"
        for account in ACCOUNTS
    )
    services = f"{manual('extensions')}[lab]\ninclude => services\n"
    return f"[general]\nstatic=yes\nwriteprotect=yes\n{services}{phones}{EXTENSIONS}"
