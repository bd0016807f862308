"""Accounts on disk."""

from __future__ import annotations

from dataclasses import replace

from phone.store.accounts import Account, Accounts
from phone.store.database import Database

ALICE = Account(
    id="alice@pbx.example",
    uri="sip:alice@pbx.example",
    name="Alice",
    auth_user="alice",
    transport="tcp",
    proxy="sip:proxy.example;lr",
    policy="require",
    credential="sha-256",
    realm="asterisk",
    learned_realm="another",
    weak_proof="refuse",
    keys="aux proof",
)
BOB = replace(ALICE, id="bob@pbx.example", uri="sip:bob@pbx.example", proxy=None)


def test_accounts_are_found_again_in_order(database: Database) -> None:
    """Every field, and the order in which they were added."""
    accounts = Accounts(database)
    accounts.save(BOB)
    accounts.save(ALICE)
    assert accounts.all() == [BOB, ALICE]


def test_changed_account_keeps_its_place(database: Database) -> None:
    """The first account is the default one, and stays it."""
    accounts = Accounts(database)
    accounts.save(ALICE)
    accounts.save(BOB)
    changed = replace(ALICE, name="Alice in Wonderland", proxy=None)
    accounts.save(changed)
    assert accounts.all() == [changed, BOB]


def test_removed_account_is_gone(database: Database) -> None:
    """The others stay."""
    accounts = Accounts(database)
    accounts.save(ALICE)
    accounts.save(BOB)
    accounts.remove(ALICE.id)
    assert accounts.all() == [BOB]
