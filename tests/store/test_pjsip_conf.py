"""``pjsip.conf``: whose secrets are in it, whatever its author has made of Asterisk's syntax."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phone.secret import Secret
from phone.store.asterisk_conf import AsteriskConfError
from phone.store.pjsip_conf import KeptSecret, auth_section, read_secrets
from tests.peers import asterisk_config

MD5 = hashlib.md5(b"alice:pbx:word").hexdigest()
SHA256 = hashlib.sha256(b"alice:pbx:word").hexdigest()
ENDPOINT = "[alice]\ntype=endpoint\nauth=alice\n"
AUTH = "[alice]\ntype=auth\nusername=alice\n"


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "pjsip.conf"


def read(conf: Path, text: str) -> list[KeptSecret]:
    """Return what is read from ``text``."""
    conf.write_text(text, encoding="utf-8")
    return read_secrets(conf, realm="asterisk")


def alice(credential: str, secret: str, *, caller: str = "alice", realm: str = "asterisk") -> KeptSecret:
    """Return an entry."""
    return KeptSecret(caller, "alice", realm, credential, Secret(secret.encode()))


def test_the_configuration_of_the_tests_asterisk(conf: Path) -> None:
    """Every account with its extension and the form of its secret; Asterisk itself is asked end to end."""
    files = asterisk_config.files(folder="/x", libraries="/y", ip="127.0.0.1", sip_port=5060)
    conf.with_name("pjsip_more_curious.conf").write_text(files["pjsip_more_curious.conf"])
    found = read(conf, files["pjsip.conf"])
    for account in asterisk_config.ACCOUNTS:
        (entry,) = [entry for entry in found if entry.user == account.user]
        assert (entry.caller, entry.realm) == (account.extension, asterisk_config.REALM)
        match account.digest:
            case asterisk_config.Digest.PASSWORD:
                assert (entry.credential, entry.secret.reveal().decode()) == ("password", account.password)
            case asterisk_config.Digest.MD5_HA1:
                assert (entry.credential, entry.secret.reveal().decode()) == ("md5", account.ha1("md5"))
            case asterisk_config.Digest.SHA256_HA1:
                assert entry.credential == "sha-256"
                assert entry.secret.reveal().decode() == account.ha1("sha256")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("password=word", [alice("password", "word")], id="a password"),
        pytest.param("password=wörd with spaces", [alice("password", "wörd with spaces")], id="UTF-8"),
        pytest.param(f"auth_type=md5\nmd5_cred={MD5}", [alice("md5", MD5)], id="md5_cred"),
        pytest.param(f"password_digest=MD5:{MD5.upper()}", [alice("md5", MD5)], id="digits in capitals"),
        pytest.param(
            f"password_digest = SHA-256:{SHA256}\npassword_digest = MD5:{MD5}",
            [alice("md5", MD5), alice("sha-256", SHA256)],
            id="several digests in lines",
        ),
        pytest.param(
            f"password_digest=md5 :{MD5} , SHA-256:{SHA256},SHA-512-256:{SHA256}",
            [alice("md5", MD5), alice("sha-256", SHA256)],
            id="several digests in a list, one of no use",
        ),
        pytest.param(
            f"password=word\npassword_digest=MD5:{MD5}",
            [alice("password", "word"), alice("md5", MD5)],
            id="a password and a digest",
        ),
        pytest.param("password=one\npassword=word", [alice("password", "word")], id="the last one holds"),
        pytest.param("realm=pbx\npassword=word", [alice("password", "word", realm="pbx")], id="own realm"),
        pytest.param("Password => word", [alice("password", "word")], id="an arrow, and capitals"),
        pytest.param("password=wo\npassword+=rd", [alice("password", "word")], id="appended"),
        pytest.param(
            "password=wo\\;rd ; known to all", [alice("password", "wo;rd")], id="an escaped semicolon"
        ),
        pytest.param("password=w=o=r=d", [alice("password", "w=o=r=d")], id="equals signs"),
        pytest.param("\\password=word", [alice("password", "word")], id="an escaped line"),
        pytest.param(";---- old\npassword=word", [alice("password", "word")], id="a row of dashes"),
        pytest.param("password=wo;-- ;-- x --; y --;rd", [alice("password", "word")], id="comment within"),
        pytest.param(
            ";-- password=one\n; x\npassword=two\\;\n --; password=word",
            [alice("password", "word")],
            id="comment over lines",
        ),
        pytest.param("auth_type=google_oauth", [], id="a secret of another kind"),
    ],
)
def test_what_an_auth_section_says(conf: Path, body: str, expected: list[KeptSecret]) -> None:
    """Passwords and digests in all the ways to write them."""
    assert read(conf, f"{ENDPOINT}{AUTH}{body}\n") == expected


def test_a_realm_for_all(conf: Path) -> None:
    """``default_realm`` holds where a section names none."""
    text = f"{ENDPOINT}{AUTH}password=word\n[global]\ntype=global\ndefault_realm=pbx\n"
    assert read(conf, text) == [alice("password", "word", realm="pbx")]


@pytest.mark.parametrize(
    ("callerid", "caller"),
    [
        ('"Alice" <101>', "101"),
        ("Alice <101", "101"),
        ("101", "101"),
        ("(030) 123-45", "03012345"),
        ("Alice", "alice"),
    ],
)
def test_how_the_pbx_names_a_caller(conf: Path, callerid: str, caller: str) -> None:
    """By the number of ``callerid``, if it has one."""
    text = f"{ENDPOINT}callerid={callerid}\n{AUTH}password=word\n"
    assert read(conf, text) == [alice("password", "word", caller=caller)]


def test_templates_and_sections_of_several_parts(conf: Path) -> None:
    """What is inherited comes first, what is added last; a template is nobody's account."""
    text = """
[phone](!)
type=endpoint
[secret](!)
type=auth
realm=pbx
password=of the template
[base](!,secret)
username=nobody
[alice](phone)
auth=alice-auth
[alice-auth](base,secret)
username=alice
[alice](+)
callerid=Alice <1>
[alice-auth](+type=auth&username=alice)
password=word
[ignored](!,phone)
auth=missing
[phone](+TEMPLATES=restrict)
callerid=<9>
[bob](phone)
auth=alice-auth, alice-auth
"""
    bob = alice("password", "word", caller="9", realm="pbx")
    assert read(conf, text) == [alice("password", "word", caller="1", realm="pbx"), bob, bob]


def test_files_within_files(conf: Path) -> None:
    """By pattern, in order, relative to the first file's folder; settings go to the section that is open."""
    folder = conf.parent / "d"
    folder.mkdir()
    (folder / "2.conf").write_text("#tryinclude d/none.conf\n#include <d/auth.inc>\n")
    (folder / "1.conf").write_bytes(b"\xef\xbb\xbfauth=alice\r\n[other]\r\ntype=aor\r\n")
    (folder / "auth.inc").write_text(f"{AUTH}password=word\n")
    text = '[alice]\ntype=endpoint\n#tryinclude "none*"\n#include "d/*.conf"\ncallerid=7\n'
    assert read(conf, text) == [alice("password", "word", caller="7")]


def test_bytes_that_are_no_text(conf: Path) -> None:
    """A password is bytes, and given by its digests; a comment may be anything; a name is text."""
    conf.write_bytes(f"; caf\xe9\n{ENDPOINT}{AUTH}password=caf\xe9\n".encode("latin-1"))
    digests = [hashlib.new(name, b"alice:pbx:caf\xe9").hexdigest() for name in ("md5", "sha256")]
    assert read_secrets(conf, realm="pbx") == [
        alice(credential, digest, realm="pbx")
        for credential, digest in zip(("md5", "sha-256"), digests, strict=True)
    ]
    conf.write_bytes(f"{ENDPOINT}[alice]\ntype=auth\nusername=caf\xe9\npassword=x\n".encode("latin-1"))
    with pytest.raises(AsteriskConfError, match="line 6: This name is not UTF-8"):
        read_secrets(conf, realm="pbx")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("type=auth", 1, "before the first section"),
        ("[alice", 1, "no ']'"),
        ("[alice](!", 1, r"no '\)'"),
        ("\n[alice](none)", 2, "no section .none. to inherit"),
        ("[alice](+)", 1, "no section .alice. to add"),
        ("[alice](!)\n[alice](+)", 2, "no section .alice. to add"),
        ("[alice]\n[alice](+type=a|b)", 2, "only words in"),
        ("[alice]\nsecret hidden", 2, "no '='"),
        ("[alice]\n= hidden", 2, "no name"),
        ("#exec /bin/cat secrets", 1, "no programs"),
        ("#inlcude x", 1, "no such directive"),
        ("#include", 1, "no name of a file"),
        ("#include {a,b}.conf", 1, "no name of a file"),
        ("#include none.conf", 1, "no such file"),
        ("#include pjsip.conf", 1, "includes itself"),
        ("; x\n;-- y\n--\n", 2, "does not end"),
        ("[alice]\na=b --;", 2, "has not begun"),
        ("[alice]\na=b\0", 2, "NUL"),
        (f"{ENDPOINT}", 3, "no auth section"),
        (f"{ENDPOINT}[alice]\ntype=auth\npassword=hidden", 4, "no username"),
        (f"{ENDPOINT}{AUTH}password=", 4, "neither a password nor a digest"),
        (f"{ENDPOINT}{AUTH}password_digest=MD4:{MD5}", 7, "no such digest"),
        (f"{ENDPOINT}{AUTH}password_digest=MD5:{MD5[1:]}", 7, "has 32 hex digits"),
        (f"{ENDPOINT}{AUTH}password_digest=MD5: {MD5}", 7, "has 32 hex digits"),
        (f"{ENDPOINT}{AUTH}md5_cred=hidden", 7, "has 32 hex digits"),
        (f"{ENDPOINT}[alice]\ntype=auth\npassword=x\nusername={'x' * 256}", 7, "255 bytes"),
        ("[a\x07]\ntype=endpoint\nauth=alice\n" + AUTH + "password=x", 1, "not UTF-8"),
    ],
)
def test_what_cannot_be_used(conf: Path, text: str, line: int, words: str) -> None:
    """The file and the line are named, and never what stands there."""
    with pytest.raises(AsteriskConfError, match=words) as refused:
        read(conf, text)
    assert str(refused.value).startswith(f"{conf}, line {line}: ")
    assert "hidden" not in str(refused.value)


def test_a_file_that_is_not_there(conf: Path) -> None:
    """One sentence."""
    with pytest.raises(AsteriskConfError, match=r"pjsip\.conf cannot be read: No such file or directory"):
        read_secrets(conf, realm="pbx")


def test_nothing_is_printed(conf: Path) -> None:
    """What was read does not show the secret."""
    assert "hidden" not in repr(read(conf, f"{ENDPOINT}{AUTH}password=hidden\n"))


@pytest.mark.parametrize("plain", [True, False])
def test_section_that_is_written_can_be_read(conf: Path, *, plain: bool) -> None:
    """With every character that means something to Asterisk."""
    section = auth_section("alice", "a;b=c", Secret(b"pass;word"), plain=plain)
    found = read(conf, ENDPOINT + section)
    assert {(entry.user, entry.realm) for entry in found} == {("alice", "a;b=c")}
    digests = [hashlib.new(name, b"alice:a;b=c:pass;word").hexdigest() for name in ("md5", "sha256")]
    assert [entry.secret.reveal().decode() for entry in found] == (["pass;word"] if plain else digests)


LINES = st.sampled_from(
    [
        *("[a]", "[a](!)", "[b](a)", "[a](+)", "[b](+x=y)", "[a](b,+)", "[b](!,a", "[", "type=auth"),
        *("type=endpoint", "auth=a,b", "username=u", "password=p", "password+=q", "md5_cred=", "realm=r"),
        *(f"password_digest=MD5:{MD5}", "#include pjsip.conf", "#tryinclude x*", "#include", "callerid=<1"),
        *(";-- x", "--;", ";--;", "x ;--- y", "\\=", "\\a=b\\;c", "=>", "#", ";", "x --; y=z", "[]", "](+"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(LINES | st.text(max_size=20), max_size=30).map(
        lambda lines: "\n".join(lines).encode(errors="surrogateescape")
    )
)
def test_parses_or_raises_its_one_error(conf: Path, data: bytes) -> None:
    """Whatever is in the file."""
    conf.write_bytes(data)
    try:
        found = read_secrets(conf, realm="pbx")
    except AsteriskConfError as error:
        assert str(error).startswith(str(conf))  # noqa: PT017  # either end is right
    else:
        assert all(entry.user and entry.caller.isprintable() and len(entry.secret) for entry in found)
