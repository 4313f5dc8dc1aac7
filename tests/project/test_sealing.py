"""Sealed text: opens with any of our keys, and with nobody else's."""

import pytest

from conference.lib.sealing import Sealer, Unsealable, new_key

OLD, NEW = new_key(), new_key()


def test_sealed_text_opens_and_shows_nothing():
    sealed = Sealer([NEW]).seal("Łukasz ZQXJ")
    assert "ZQXJ" not in sealed
    assert Sealer([NEW]).open(sealed) == "Łukasz ZQXJ"


def test_the_same_text_is_sealed_differently_each_time():
    assert Sealer([NEW]).seal("text") != Sealer([NEW]).seal("text")


def test_old_keys_still_open_and_the_newest_seals():
    sealed = Sealer([OLD]).seal("text")
    both = Sealer([NEW, OLD])
    assert both.open(sealed) == "text"
    assert Sealer([NEW]).open(both.seal("text")) == "text"


@pytest.mark.parametrize("spoil", [lambda text: text[:-4] + "AAA=", lambda text: "", lambda text: "é", lambda text: text[10:]])
def test_altered_text_does_not_open(spoil):
    with pytest.raises(Unsealable, match="no key opens this text"):
        Sealer([NEW]).open(spoil(Sealer([NEW]).seal("text")))


def test_another_key_does_not_open():
    with pytest.raises(Unsealable):
        Sealer([OLD]).open(Sealer([NEW]).seal("text"))
