"""The user's choice of algorithms."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from phone.calls.algorithms import AlgorithmBook
from phone.calls.values import CallError
from phone.media.streams import SRTP_SUITES
from phone.store.database import Database
from phone.store.settings import Settings
from phone.zrtp.algorithms import AES1, AES3, GCM, HS32, HS80, Configuration
from phone.zrtp.errors import ConfigurationError

NO_GCM = {suite for suite in SRTP_SUITES if suite[1] != "GCM "}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Of a new installation."""
    with contextlib.closing(Database(tmp_path / "parley.sqlite3")) as database:
        yield Settings(database)


def test_without_a_choice_the_defaults_are_offered(settings: Settings) -> None:
    """Of every kind, and nobody has chosen them."""
    book = AlgorithmBook(settings, SRTP_SUITES)
    assert book.configuration() == Configuration()
    assert not any(offer.chosen for offer in book.offers())
    assert {offer.kind: list(offer.offered) for offer in book.offers()} == Configuration().names()


def test_choice_counts_at_once_and_is_kept(settings: Settings) -> None:
    """In its order, with what is mandatory behind it, also in the next backend."""
    offer = AlgorithmBook(settings, SRTP_SUITES).choose("auth_tags", ["GCM", "HS32"])
    assert (offer.offered, offer.off) == (("GCM", "HS32", "HS80"), ())
    assert (set(offer.mandatory), offer.chosen) == ({"HS32", "HS80"}, True)
    book = AlgorithmBook(settings, SRTP_SUITES)
    assert book.configuration().auth_tags == (GCM, HS32, HS80)
    assert book.configuration().ciphers == Configuration().ciphers


def test_choice_can_be_taken_back(settings: Settings) -> None:
    """Of one kind, or of all."""
    book = AlgorithmBook(settings, SRTP_SUITES)
    book.choose("ciphers", ["AES3"])
    book.choose("sas_types", ["B32"])
    book.reset("ciphers")
    assert book.configuration() == Configuration.of_names({"sas_types": ["B32"]})
    book.reset(None)
    assert book.configuration() == Configuration()
    assert AlgorithmBook(settings, SRTP_SUITES).configuration() == Configuration()


def test_refused_choice_changes_nothing(settings: Settings) -> None:
    """Neither now nor in the next backend."""
    book = AlgorithmBook(settings, NO_GCM)
    book.choose("auth_tags", ["HS32"])
    with pytest.raises(ConfigurationError, match="'SK32'"):
        book.choose("auth_tags", ["HS80", "SK32"])
    with pytest.raises(CallError, match="GCM cannot be offered here"):
        book.choose("auth_tags", ["GCM"])
    with pytest.raises(ConfigurationError, match="room for 7"):
        book.choose("key_agreements", ["X255", "X448", "EC25", "EC38", "DH2k", "Mult", "Prsh"])
    for same in (book, AlgorithmBook(settings, NO_GCM)):
        assert same.configuration() == Configuration.of_names({"auth_tags": ["HS32"]})


def test_kept_choice_that_is_not_to_be_had_any_more_is_passed_over(settings: Settings) -> None:
    """Another version kept a name that is unknown here, and SRTP is able to less than it was."""
    AlgorithmBook(settings, SRTP_SUITES).choose("auth_tags", ["GCM", "HS32"])
    settings.set("algorithms.ciphers", "AES9 AES3 AES1")
    book = AlgorithmBook(settings, NO_GCM)
    assert book.configuration().ciphers == (AES3, AES1)
    assert book.configuration().auth_tags == (HS32, HS80)
    assert all("GCM" not in (*offer.offered, *offer.off) for offer in book.offers())
