import pytest

from engine.xml import MAX_BYTES, XmlError, children, find_child, local_name, namespace, parse, to_bytes


def refused(data: bytes | str) -> XmlError:
    with pytest.raises(XmlError) as caught:
        parse(data)
    return caught.value


def test_document_type_is_refused() -> None:
    assert refused(b"<!DOCTYPE a><a/>").code == "xml_doctype"


def test_external_entity_is_refused() -> None:
    assert refused(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>').code == "xml_doctype"


def test_parameter_entity_is_refused() -> None:
    assert refused(b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><a/>').code == "xml_doctype"


def test_entities_that_multiply_are_refused() -> None:
    entities = '<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaa">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)
    )
    assert refused(f'<!DOCTYPE a [{entities}]><a b="&a9;"/>').code in ("xml_doctype", "xml_syntax")


def test_unknown_entity_is_refused() -> None:
    assert refused(b"<a>&nbsp;</a>").code == "xml_syntax"


def test_broken_xml_names_the_line() -> None:
    error = refused(b"<a>\n<b></a>")
    assert error.code == "xml_syntax"
    assert error.line == 2


def test_file_past_the_size_limit_is_refused() -> None:
    assert refused(b"<a>" + b" " * MAX_BYTES + b"</a>").code == "xml_too_large"


def test_deep_nesting_is_refused() -> None:
    assert refused("<a>" * 210 + "</a>" * 210).code == "xml_too_deep"
    assert refused("<a>" * 5000 + "</a>" * 5000).code == "xml_syntax"


def test_comments_and_processing_instructions_are_dropped() -> None:
    root = parse(b'<?xml-stylesheet href="x"?><a><!-- secret --><b/>tail<?php x ?></a>')
    assert [local_name(e) for e in root] == ["b"]
    assert b"secret" not in to_bytes(root)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GBK", "GB18030", "ISO-8859-1"])
def test_declared_encoding_is_read(encoding: str) -> None:
    text = "é" if encoding == "ISO-8859-1" else "出厂检验"
    assert parse(f'<?xml version="1.0" encoding="{encoding}"?><a>{text}</a>'.encode(encoding)).text == text


def test_str_is_read_whatever_its_declaration_says() -> None:
    assert parse('<?xml version="1.0" encoding="UTF-16"?><a>检</a>').text == "检"


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"plain", b'<?xml version="1.0" encoding="none"?><a/>', "<a>\ud800</a>"]
)
def test_what_is_no_xml_is_refused(data: bytes | str) -> None:
    assert refused(data).code == "xml_syntax"


def test_written_bytes_read_back() -> None:
    root = parse('<x:a xmlns:x="urn:x"><x:b>出厂</x:b></x:a>')
    again = parse(to_bytes(root))
    assert namespace(again) == "urn:x"
    found = find_child(again, "b")
    assert found is not None
    assert found.text == "出厂"
    assert list(children(again, "c")) == []
