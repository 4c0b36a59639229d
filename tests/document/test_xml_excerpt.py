from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from migrator.document.model import Excerpt, Part, Target, Veil
from tests.document.places import parsed, unmarked
from tests.document.written import WrittenDocument, documents

_MASK = "••••"
_SHOWN = {"SMTP/Host", "SMTP/@id", "SMTP/@xmlns", "SMTP/@xmlns:p"}


def _shows(path: tuple[str, ...], attribute: str | None, value: str) -> bool:
    """Some nodes, unless what is in them is a certain text."""
    name = "/".join(path) + (f"/@{attribute}" if attribute else "")
    return name in _SHOWN and "hunter2" not in value.split("\n")


_VEIL = Veil(_MASK, _shows, conceals=lambda name: name == "Password", texts=("secret text",))


def _excerpt(marked: str, veil: Veil = _VEIL) -> Excerpt:
    text, bounds = unmarked(marked)
    document = parsed(text.encode())
    excerpt = document.excerpts(veil).excerpt(document.source.span(*bounds))
    assert 0 <= excerpt.start <= excerpt.end <= len(excerpt.text)
    assert excerpt.line == document.source.line_and_column(bounds[0])[0]
    return excerpt


def _shown(marked: str, veil: Veil = _VEIL) -> str:
    """The line that is shown, with guillemets around what is underlined."""
    excerpt = _excerpt(marked, veil)
    text = excerpt.text
    return f"{text[: excerpt.start]}«{text[excerpt.start : excerpt.end]}»{text[excerpt.end :]}"


_LINES = [
    # what may be seen
    ("<SMTP>\n\t<Host>«smtp»</Host>\n</SMTP>", "\t<Host>«smtp»</Host>"),
    ("<SMTP>\r\n  <«Host»>smtp</Host>\r\n</SMTP>", "  <«Host»>smtp</Host>"),
    ("<SMTP><«Host»><![CDATA[smtp]]></Host></SMTP>", "<SMTP><«Host»><![CDATA[smtp]]></Host></SMTP>"),
    ("<SMTP><«Host»>a&amp;b</Host></SMTP>", "<SMTP><«Host»>a&amp;b</Host></SMTP>"),
    ("<«SMTP» id='7'/>", "<«SMTP» id='7'/>"),
    ("<«SMTP» xmlns='u' xmlns:p=\"v\"/>", "<«SMTP» xmlns='u' xmlns:p=\"v\"/>"),
    ("<?xml version='1.0'?><«SMTP»/>", "<?xml version='1.0'?><«SMTP»/>"),
    ("<SMTP>  <Host> </Host>\t<«x»/> </SMTP>", "<SMTP>  <Host> </Host>\t<«x»/> </SMTP>"),
    # what may not
    ("<SMTP><«User»>x</User></SMTP>", "<SMTP><«User»>••••</User></SMTP>"),
    ("<SMTP><«User»>hunter2 hunter2</User></SMTP>", "<SMTP><«User»>••••</User></SMTP>"),
    ("<SMTP><«User»> \t x y &#32;</User></SMTP>", "<SMTP><«User»> \t ••••</User></SMTP>"),
    ("<SMTP><«User»>\u00a0</User></SMTP>", "<SMTP><«User»>••••</User></SMTP>"),
    ("<SMTP><«User»><![CDATA[ x ]]></User></SMTP>", "<SMTP><«User»><![CDATA[ •••• ]]></User></SMTP>"),
    ("<SMTP><«x»/>hunter2</SMTP>", "<SMTP><«x»/>••••</SMTP>"),
    ("<SMTP><!-- hunter2 --><«x»/><!----></SMTP>", "<SMTP><!--••••--><«x»/><!----></SMTP>"),
    ("<SMTP><?hunter2 x?><«x»/><?hunter2?></SMTP>", "<SMTP><?••••?><«x»/><?••••?></SMTP>"),
    ("<?xml-hunter2 x?><«SMTP»/>", "<?••••?><«SMTP»/>"),
    ("<«SMTP» id='hunter2'/>", "<«SMTP» id='••••'/>"),
    ("<«SMTP» ID='x' idd=\"y\" z=''/>", "<«SMTP» ID='••••' idd=\"••••\" z=''/>"),
    ("<x><«SMTP» id='7' xmlns='u' xmlnsx='v'/></x>", "<x><«SMTP» id='••••' xmlns='••••' xmlnsx='••••'/></x>"),
    ("<SMTP><«Host»>hunter2</Host></SMTP>", "<SMTP><«Host»>••••</Host></SMTP>"),
    # what may not, however it is written
    ("<SMTP><«Host»>hun<!-- x -->ter2</Host></SMTP>", "<SMTP><«Host»>••••<!--••••-->••••</Host></SMTP>"),
    ("<SMTP><«Host»>hun<![CDATA[ter2]]></Host></SMTP>", "<SMTP><«Host»>••••<![CDATA[••••]]></Host></SMTP>"),
    ("<SMTP><«Host»>&#104;unter&#x32;</Host></SMTP>", "<SMTP><«Host»>••••</Host></SMTP>"),
    ("<SMTP><Host>a\r\n«hunter2»\r\nb</Host></SMTP>", "«••••»"),
    ("<«SMTP» id='&#104;unter2'/>", "<«SMTP» id='••••'/>"),
    ("<SMTP id='a&#10;hunter2&#10;'><«x»/></SMTP>", "<SMTP id='••••'><«x»/></SMTP>"),
    # tags that may be part of a secret, and texts that are one
    ("<SMTP><«Password»>a<b c='d'>e</b >f<g/></Password></SMTP>",
     "<SMTP><«Password»>••••<••••>••••</••••>••••<••••/></Password></SMTP>"),
    ("<SMTP><Password><b>\n<«hunter2»/></b></Password></SMTP>", "<«••••»/></••••></Password></SMTP>"),
    ("<SMTP><«Host»>a secret text</Host></SMTP>", "<SMTP><«Host»>a ••••</Host></SMTP>"),
    ("<SMTP><Host>a «secret» text</Host></SMTP>", "<SMTP><Host>a «••••»</Host></SMTP>"),
    # values of several lines
    ("<SMTP>\n<User>«hunter2\nhunter2\n»</User>\n</SMTP>", "<User>«••••»"),
    ("<SMTP>\n<User>hunter2\n  «hunter2»\nhunter2</User>\n</SMTP>", "«••••»"),
    ("<SMTP>\n<User>hunter2\n  hunter2\n</«User»>\n</SMTP>", "</«User»>"),
    ("<SMTP>\n<!-- hunter2\n  hunter2\n --><«x»/></SMTP>", "••••--><«x»/></SMTP>"),
    ("<SMTP>\n<!-- «hunter2\n  hunter2\n -->»<x/></SMTP>", "<!--«••••»"),
    ("<SMTP\n x='hunter2\n  hunter2'><«x»/></SMTP>", "••••'><«x»/></SMTP>"),
    ("<SMTP><«Host\nx='y'\n»>smtp</Host></SMTP>", "<SMTP><«Host»"),
    # marks that begin or end at what is masked
    ("<SMTP><User>«hunter2»</User></SMTP>", "<SMTP><User>«••••»</User></SMTP>"),
    ("<SMTP><User>h«unter»2</User></SMTP>", "<SMTP><User>«••••»</User></SMTP>"),
    ("<SMTP><User>«h»unter2</User></SMTP>", "<SMTP><User>«••••»</User></SMTP>"),
    ("<SMTP><User>hunter«2»</User></SMTP>", "<SMTP><User>«••••»</User></SMTP>"),
    ("<SMTP><User>h«»unter2</User></SMTP>", "<SMTP><User>«••••»</User></SMTP>"),
    ("<SMTP><«User»>hunter2</User></SMTP>", "<SMTP><«User»>••••</User></SMTP>"),
    ("<SMTP><User«>»hunter2</User></SMTP>", "<SMTP><User«>»••••</User></SMTP>"),
    ("<SMTP><User>hunter2«<»/User></SMTP>", "<SMTP><User>••••«<»/User></SMTP>"),
    ("<SMTP><User«>hunter2<»/User></SMTP>", "<SMTP><User«>••••<»/User></SMTP>"),
    ("<SMTP><User>«»hunter2</User></SMTP>", "<SMTP><User>«»••••</User></SMTP>"),
    ("<SMTP><User>hunter2«»</User></SMTP>", "<SMTP><User>••••«»</User></SMTP>"),
    ("«<SMTP><User>hunter2</User></SMTP>»", "«<SMTP><User>••••</User></SMTP>»"),
    ("<SMTP/>«»", "<SMTP/>«»"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "shown"), _LINES)
def test_a_line_shows_what_is_known_to_be_harmless(marked: str, shown: str) -> None:
    assert _shown(marked) == shown


def test_a_long_line_is_cut_around_what_it_is_about() -> None:
    many = "<Host>smtp.example.com</Host>" * 1000

    assert _shown(f"<SMTP>{many}<«x»/>{many}</SMTP>") == f"…{many[-79:]}<«x»/>{many[: 160 - 3]}…"
    assert _shown(f"<«SMTP»>{many}</SMTP>") == f"<«SMTP»>{many[: 160 - 5]}…"
    assert _shown(f"<SMTP>{many}</«SMTP»>") == f"…{many[-78:]}</«SMTP»>"


def test_a_long_stretch_under_the_mark_is_cut() -> None:
    excerpt = _excerpt("<SMTP><Host>«" + "x" * 10_000 + "»</Host></SMTP>")

    assert excerpt == Excerpt(1, "<SMTP><Host>" + "x" * 160 + "…", 12, 172)


def test_masks_count_as_they_are_shown() -> None:
    hidden = "<User>" + "hunter2" * 1000 + "</User>"

    assert (
        _shown(f"<SMTP>{hidden}<«x»/>{hidden}</SMTP>")
        == "<SMTP><User>••••</User><«x»/><User>••••</User></SMTP>"
    )


def test_a_line_with_more_secrets_than_can_be_looked_for_is_masked_as_a_whole() -> None:
    texts = tuple(f"text {number}" for number in range(65))

    assert _shown("<SMTP>\n<«Host»>smtp</Host>\n</SMTP>", _VEIL._replace(texts=texts)) == "«••••»"
    assert _shown(f"<SMTP><«x»/>{'abcd ' * 10_001}</SMTP>", _VEIL._replace(texts=("abcd",))) == "«••••»"


def test_another_veil_is_another_excerpt() -> None:
    document = parsed(b"<SMTP><Host>smtp</Host></SMTP>")
    span = document.span(Target(document.root))

    assert document.excerpts(_VEIL).excerpt(span).text == "<SMTP><Host>smtp</Host></SMTP>"
    assert document.excerpts(Veil("X", lambda *_: False)).excerpt(span).text == "<SMTP><Host>X</Host></SMTP>"


def _with_canaries(written: WrittenDocument) -> bytes:
    """The document with a text added to every comment, instruction, attribute and value."""
    places = [comment.at[0] + len("<!--") for comment in written.comments]
    for element in written.elements():
        places += [attribute.value_at[0] for attribute in element.attributes]
        for piece in element.pieces:
            if piece.is_data:
                places.append(piece.inner[0])
            elif piece.kind == "instruction":
                places.append(piece.at[0] + len("<?"))
    text = written.text
    for place in sorted(places, reverse=True):
        text = f"{text[:place]}hunter2{text[place:]}"
    return written.mark + text.encode(written.encoding)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_nothing_is_shown_where_nothing_may_be_shown(written: WrittenDocument) -> None:
    document = parsed(_with_canaries(written))
    veil = Veil(_MASK, lambda *_: False)
    spans = [document.source.span(comment.start, comment.end) for comment in document.comments()]
    for node in document.find("*"):
        spans += [document.span(Target(node, part)) for part in Part]
        spans += [document.span(Target(node, Part.VALUE, attribute)) for attribute in node.attributes()]
        spans += [document.span(Target(node, stray=stray)) for stray in node.strays()]

    for span in spans:
        excerpt = document.excerpts(veil).excerpt(span)
        assert "hunter2" not in excerpt.text
        assert excerpt.line == span.start.line
        assert 0 <= excerpt.start <= excerpt.end <= len(excerpt.text)
