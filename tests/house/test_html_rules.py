"""The rules for pages find what they are there to find."""

import pytest

from tests.support.html import RULES, Document, complaints

GOOD = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Kết quả – Khảo sát</title></head><body>
<h1>Kết quả</h1>
<form method="post" action="/office/x"><input type="hidden" name="csrf_token" value="1">
<label for="a">Tên</label><input id="a" name="a">
<fieldset><legend>Chọn</legend><label><input type="radio" name="r">Có</label></fieldset></form>
</body></html>"""


def broken(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("parses", broken("</form>", "")),
        ("has_one_heading_that_names_it", broken("<h1>Kết quả</h1>", "<h1>Khác</h1>")),
        ("has_one_heading_that_names_it", broken("<h1>", "<h1>Hai</h1><h1>")),
        ("names_its_language", broken(' lang="vi"', "")),
        ("has_unique_ids", broken("<fieldset>", '<fieldset id="a">')),
        ("refers_to_ids_that_exist", broken('for="a"', 'for="b"')),
        ("labels_every_field", broken('<label for="a">Tên</label>', "")),
        ("groups_radio_buttons", broken("<legend>Chọn</legend>", "")),
        ("protects_its_forms", broken("csrf_token", "other")),
        ("shows_no_msgid", broken("<legend>Chọn", "<legend>Choose")),
        ("loads_nothing_foreign", broken('action="/office/x"', 'action="//elsewhere.example/"')),
        ("keeps_the_policy", broken("<fieldset>", '<fieldset style="color:red">')),
        ("keeps_the_policy", broken("<fieldset>", '<fieldset onclick="x()">')),
        ("keeps_the_policy", broken("</body>", "<script>x()</script></body>")),
        ("is_composed", broken("Tên", "Te\u0302n")),
        ("has_no_unfilled_placeholder", broken("Tên", "%(name)s")),
    ],
)
def test_a_rule_finds_its_fault(rule: str, text: str) -> None:
    found = complaints(Document(text, "/office/x", frozenset({"Choose"})))
    assert any(line.startswith(f"{rule}: ") for line in found), found


def test_a_good_page_passes_every_rule() -> None:
    assert complaints(Document(GOOD, "/office/x", frozenset({"Choose"}))) == []


def test_a_citizens_form_has_no_token() -> None:
    found = complaints(Document(GOOD, "/kiosk/", frozenset()))
    assert found == ["protects_its_forms: a citizen's form has a CSRF token, hence a session"]


def test_every_rule_says_what_it_is_for() -> None:
    assert all(rule.__doc__ for rule in RULES)
