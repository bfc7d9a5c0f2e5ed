"""Links, secrets and hashes belong to one business and one purpose."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import crypto, tokens

HERE, THERE = uuid4(), uuid4()


@given(st.uuids())
def test_token_reads_back_for_its_business_and_purpose_only(object_id: UUID) -> None:
    token = tokens.sign(HERE, "r", object_id)
    assert len(token) == 43
    assert tokens.read(HERE, "r", token) == object_id
    assert tokens.read(HERE, "o", token) is None
    assert tokens.read(THERE, "r", token) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert tokens.read(HERE, "r", text) is None


def test_one_changed_character_is_refused() -> None:
    token = tokens.sign(HERE, "r", uuid4())
    other = "A" if token[20] != "A" else "B"
    assert tokens.read(HERE, "r", token[:20] + other + token[21:]) is None


def test_link_signed_with_an_older_master_key_still_works(settings: object) -> None:
    token = tokens.sign(HERE, "r", THERE)
    settings.MASTER_KEYS = ["new-key", *settings.MASTER_KEYS]  # type: ignore[attr-defined]
    assert tokens.read(HERE, "r", token) == THERE
    assert tokens.sign(HERE, "r", THERE) != token


def test_sealed_secret_opens_in_its_place_only() -> None:
    sealed = crypto.seal(HERE, "s3cret", place="messaging.account")
    assert "s3cret" not in sealed
    assert crypto.unseal(HERE, sealed, place="messaging.account") == "s3cret"
    with pytest.raises(ValueError, match="no longer listed"):
        crypto.unseal(HERE, sealed, place="staff.member")
    with pytest.raises(ValueError, match="no longer listed"):
        crypto.unseal(THERE, sealed, place="messaging.account")


def test_address_hash_is_equal_within_one_business_only() -> None:
    assert crypto.keyed_hash(HERE, "a@b.example") == crypto.keyed_hash(HERE, "a@b.example")
    assert crypto.keyed_hash(HERE, "a@b.example") != crypto.keyed_hash(THERE, "a@b.example")
