"""Rules become a stylesheet in which the first rule per node counts, or a reason why not."""

import pytest

from protocols.schematron import compile_rules
from protocols.xml import parse

SCHEMA = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" xmlns:u="utils"
  xmlns:xsl="http://www.w3.org/1999/XSL/Transform" queryBinding="xslt2">
  <title>Rules for  a thing 3.2</title>
  <ns prefix="o" uri="urn:order"/>
  {body}
</schema>"""
RULE = '<rule context="o:Line"><assert id="PEPPOL-T77-R001" test="o:ID" flag="fatal">no ID</assert></rule>'  # noqa: E501


def compiled(body: str):
    return compile_rules(SCHEMA.format(body=body).encode())


def test_title_and_transaction_are_told():
    rules = compiled(f"<pattern>{RULE}</pattern>")
    assert (rules.title, rules.code, rules.problem) == ("Rules for a thing 3.2", "T77", "")


def test_the_stylesheet_is_well_formed_and_orders_rules_by_priority():
    rules = compiled(f"<pattern>{RULE}{RULE.replace('o:Line', 'o:*')}</pattern>")
    root = parse(rules.stylesheet.encode()).root
    matched = {node.get("match"): node.get("priority") for node in root if node.get("mode")}
    assert matched == {"o:Line": "2", "o:*": "1", "/|@*|node()": "0"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<include href='x.sch'/>", "include is not supported"),
        ('<pattern abstract="true"/>', "abstract"),
        ('<pattern><rule abstract="true" id="a"/></pattern>', "context"),
        ('<pattern><rule context="a"><assert>x</assert></rule></pattern>', "without test"),
        ('<pattern><rule context="a"><extends rule="b"/></rule></pattern>', "extends"),
        ('<let name="a b" value="1"/>', "name and a value"),
        ('<ns prefix="1" uri="x"/>', "no prefix"),
        (
            '<pattern><let name="a" value="1"/></pattern><pattern><let name="a" value="2"/></pattern>',  # noqa: E501
            "two meanings",
        ),
        ('<xsl:function name="u:f"><b/></xsl:function>', "inside XSLT"),
    ],
)
def test_what_is_not_supported_is_refused_with_a_reason(body, reason):
    assert reason in compiled(body).problem


@pytest.mark.parametrize(
    "content",
    [b"", b"<a/>", b"<schema", SCHEMA.format(body="").replace("xslt2", "exslt").encode()],
)
def test_what_are_no_rules_is_refused(content):
    assert compile_rules(content).problem


def test_the_same_variable_in_two_patterns_is_one():
    let = '<let name="a" value="1"/>'
    rules = compiled(f"<pattern>{let}</pattern><pattern>{let}</pattern>")
    assert rules.stylesheet.count("<xsl:variable") == 1


def test_words_and_values_of_an_assertion_are_kept_and_escaped():
    rules = compiled(
        '<pattern><rule context="a"><report id="x{y}" test="1 &lt; 2">a &amp; '
        '<value-of select="b"/><name/> <emph>c</emph></report></rule></pattern>'
    )
    assert 'test="1 &lt; 2"' in rules.stylesheet
    assert 'rule="x{{y}}"' in rules.stylesheet
    assert '<xsl:text>a &amp; </xsl:text><xsl:value-of select="b"/>' in rules.stylesheet
    assert '<xsl:value-of select="name()"/>' in rules.stylesheet
    assert "<xsl:text>c</xsl:text>" in rules.stylesheet


@pytest.mark.parametrize(
    ("context", "walk"),
    [
        ("a/b", "*"),
        ("//*[not(*) and not(normalize-space())]", "*"),
        ("a[@x = '0088'] | b[c[@y = ']']/text() = 1]", "*"),
        ("a/@x", "@*|*"),
        ("a/text()", "@*|node()"),
        ("a/attribute::x", "@*|node()"),
    ],
)
def test_a_pattern_walks_to_attributes_and_texts_only_where_a_rule_is_about_them(context, walk):
    rules = compiled(f'<pattern><rule context="{context}"/></pattern>')
    assert rules.stylesheet.count(f'<xsl:apply-templates select="{walk}"') == 2
