"""The page of ``goldwire report``: whole, inert, and usable in a real browser."""

import json
import re
import sys
from html.parser import HTMLParser

import pytest

from goldwire.__main__ import main
from goldwire.annotate import files
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Quotation, Segment
from goldwire.annotate.mentions_html import Stand, depths, inert, marked, stands
from goldwire.evaluate.report.page import page

NASTY = (
    "Rebels </style><script>alert(1)</script> shelled <img src=x onerror=alert(2)> Tarn "
    "\u202egnp.exe\u202c & \x00fled."
)


def attack(label, start=0):
    text = NASTY
    shelled = text.index("shelled")
    actor = Actor(
        "a<1>", label, name='"><script>alert(3)</script>', mentions=(Mention(text[start:6], start),)
    )
    event = Event("e1", Mention("shelled", shelled), "STRIKE", args=(Argument("agent", "a<1>"),))
    said = Quotation("q1", content=(Mention(text[:40], 0),), cue=(Mention("fled", text.index("fled")),))
    return Document(
        text,
        Meta("</title><b>A", title="<i>\u202eTitle"),
        actors=(actor,),
        events=(event,),
        quotations=(said,),
    )


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.links, self.text = [], [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        found = dict(attrs)
        assert not [name for name in found if name.startswith("on") or name in ("src", "style")]
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if "href" in found else []

    def handle_data(self, data):
        self.text += data


def test_inert():
    assert inert("a\tb\nc ä–") == "a\tb\nc ä–"
    assert inert("\u202e\u2066\ud800\x1b") == "‹U+202E›‹U+2066›‹U+D800›‹U+001B›"


def stand(start, end, anchor):
    return Stand(start, end, "actors", "T", "n", "", anchor)


def strip(html):
    return re.sub(r"<[^>]*>", "", html)


def test_nested_marks_have_lines_below_one_another():
    marks = [stand(0, 10, "a"), stand(0, 4, "b"), stand(2, 3, "c"), stand(5, 6, "d")]
    assert depths(marks) == [3, 2, 1, 1]


def test_crossing_marks_are_closed_and_opened_again():
    html = marked("abcdef", 0, 6, [stand(0, 4, "x"), stand(2, 6, "y")])
    assert strip(html) == "abcdef"
    assert html.count("<mark") == html.count("</mark>") == 3
    # The later one goes on, nameless, after the first has ended: its tag and anchor stand once.
    assert html.count('id="y"') == 1
    assert html.endswith('cd</mark></mark><mark class="actors d1">ef</mark>')


def test_a_mark_over_two_rows_has_one_anchor():
    both = [marked("abcdef", *row, [stand(1, 5, "x")]) for row in ((0, 3), (3, 6))]
    assert ["".join(map(strip, both)), "".join(both).count('id="x"')] == ["abcdef", 1]


def test_what_lies_outside_the_text_has_no_place():
    assert stands(Document("abc", actors=(Actor("a", mentions=(Mention("zz", 3),)),)), "m") == []


def test_nothing_of_a_document_becomes_markup():
    html = page([attack("REB")], {"<script>x": [attack("MIL")]}, title="<u>&", interval="")
    found = Elements(html)
    assert found.tags.count("script") == found.tags.count("style") == 1
    assert not {"img", "i", "u"} & set(found.tags)
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "</style><script>alert(1)</script>" in found.text
    assert "‹U+202E›gnp.exe" in found.text
    assert len(found.ids) == len(set(found.ids))
    inside = [x[1:] for x in found.links if x.startswith("#")]
    assert set(inside) <= set(found.ids)
    assert [x for x in found.links if not x.startswith("#")] == ["data:,"]


def test_a_megabyte_on_one_line():
    text = "x" * 1_000_000 + " raid"
    gold = Document(text, Meta("A"), events=(Event("e1", Mention("raid", 1_000_001), "STRIKE"),))
    html = page([gold], {"mine": [Document(text, Meta("A"))]}, interval="")
    assert 2_000_000 < len(html) < 2_200_000  # the text twice, and the page


def test_every_error_is_listed_once():
    gold = Document("raid talk", Meta("A"), events=(Event("e1", Mention("raid", 0), "STRIKE"),))
    pred = Document("raid talk", Meta("A"), events=(Event("e1", Mention("talk", 5), "MEET"),))
    html = page([gold], {"a": [pred], "b": [pred], "c": [gold]}, interval="")
    items = re.findall(r"<li data-system=.*?</li>", html, re.S)
    assert [re.findall(r'data-system="(\d)"|data-cause="(\w+)"', x) for x in items] == [
        [(s, ""), ("", cause)] for s in "01" for cause in ("missed", "spurious")
    ]
    assert ["<bdi>b</bdi></small>" in items[0], "<bdi>a</bdi></small>" in items[2]] == [True, True]
    assert [re.search(r'data-others="([\d ]*)"', x)[1] for x in items] == ["1", "1", "0", "0"]
    # The missed one stands in gold, the spurious one in the prediction of its system.
    assert [re.search(r'href="#(\w+)"', x)[1] for x in items] == ["d0s0m0", "d0s1m0", "d0s0m0", "d0s2m0"]


def test_segments_of_one_text_leave_out_nothing():
    text = "Head\n\nOne. Two.  Tail"
    gold = Document(text, Meta("A"), segments=(Segment("g1", 6, 10), Segment("g2", 11, 15)))
    from goldwire.annotate.mentions_html import rows

    assert [text[a:b] for a, b, _ in rows(gold)] == ["Head", "One.", "Two.  Tail"]


def test_points_in_the_plane_keep_their_names_apart():
    from goldwire.evaluate.counts import Counts
    from goldwire.evaluate.report import plots
    from goldwire.evaluate.scores import Row

    layers = ["events", "arguments", "actors", "places", "times", "numbers", "quotations"]
    row = Row("", "", "", "", Counts(), Counts(9, 10, 9, 10).rates(), 1)
    found = plots.points([(name, row) for name in layers], layers)
    boxes = [
        (p.label_x - (6.5 * len(p.label) if p.anchor == "end" else 0), p.label_y, len(p.label)) for p in found
    ]
    for i, (left, y, n) in enumerate(boxes):
        for other, at, m in boxes[:i]:
            assert abs(y - at) >= 12 or left >= other + 6.5 * m or other >= left + 6.5 * n


def test_options_of_the_command(tmp_path, monkeypatch, capsys):
    gold = Document("raid talk", Meta("A"), events=(Event("e1", Mention("raid", 0), "STRIKE"),))
    monkeypatch.chdir(tmp_path)
    files.write("gold.jsonl", [gold])
    spans = [{"start": 0, "end": 4, "label": "STRIKE"}, {"start": 5, "end": 99, "label": "X"}]
    (tmp_path / "pred.txt").write_text(json.dumps({"text": "raid talk", "spans": spans}) + "\n")

    def report(*options):
        monkeypatch.setattr(
            sys, "argv", ["goldwire", "report", "pred.txt", "-o", "r.html", "--gold", "gold.jsonl", *options]
        )
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code or 0, capsys.readouterr().err

    assert report("--from", "record")[0] == 1
    assert report("--from", "record", "--repair", "drop", "--match", "head", "--interval", "none") == (0, "")
    page = (tmp_path / "r.html").read_text()
    assert "match:head" in page
    assert "repair:drop" in page
    assert "left out of the prediction by the repair: offset-range 1" in page
    code, said = report("--from", "record", "--from", "record")
    assert (code, "2 formats for 1 systems" in said) == (2, True)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The packaged gold against three systems of it: one reads half, one is wrong, one knows all."""
    from msgspec.structs import replace

    gold = files.gold()
    half = [replace(d, events=d.events[::2], links=()) for d in gold]
    wrong = [replace(d, events=tuple(replace(e, type="MEET") for e in d.events), quotations=()) for d in gold]
    path = tmp_path_factory.mktemp("report") / "report.html"
    html = page([*gold, attack("REB")], {"half": half, "wrong": [*wrong, attack("MIL")], "all": gold})
    path.write_text(html, encoding="utf-8")
    assert path.stat().st_size < 2_000_000
    return path.as_uri()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """One article against two systems: axe-core goes through every element several times."""
    from msgspec.structs import replace

    gold = [attack("REB"), *files.gold()[1:2]]
    pred = [attack("MIL"), replace(gold[1], events=gold[1].events[::2], quotations=())]
    path = tmp_path_factory.mktemp("small") / "report.html"
    path.write_text(page(gold, {"half": pred, "all": gold}), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser, report):
    """The page as it opens; anything said on the console, asked of the network or thrown fails the test."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    said = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda r: said.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    tab.goto(report)
    yield tab
    tab.close()
    assert said == []


def test_filters(opened):
    shown = opened.locator("#list > li:visible")
    every = opened.locator("#list > li").count()
    assert shown.count() == every > 20
    opened.select_option("[name=system]", label="wrong")
    opened.select_option("[name=layer]", label="events")
    opened.select_option("[name=cause]", label="type")
    some = shown.count()
    assert 0 < some < every
    assert opened.inner_text("#count") == f"{some} of {every} errors"
    assert {x.get_attribute("data-cause") for x in shown.all()} == {"type"}
    opened.click("#filter [type=reset]")
    opened.wait_for_function(f"document.querySelectorAll('#list > li:not([hidden])').length === {every}")


def listed(page):
    return int(page.inner_text("#count").split()[0])


def test_counts_lead_to_their_errors(opened):
    """Those of a cause, and those that one of two systems makes and the other does not."""
    opened.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    for section in ("#causes", "#differences"):
        links = opened.locator(f"{section} a[href='#errors']")
        assert links.count() > 3
        for link in links.all()[:6]:
            said = int(link.inner_text().split()[0])
            link.click()
            assert listed(opened) == said


def test_two_systems_are_compared_by_their_errors(opened):
    """What both get wrong is listed whichever of them is chosen first."""
    found = []
    for system, other in (("half", "1"), ("wrong", "0")):
        opened.select_option("[name=system]", label=system)
        opened.select_option("[name=layer]", label="events")
        opened.select_option("[name=others]", value=f"wrong {other}")
        found.append(listed(opened))
    assert found[0] == found[1] > 0
    opened.select_option("[name=others]", value="none")
    assert {x.get_attribute("data-others") for x in opened.locator("#list > li:visible").all()} == {""}


def test_an_error_leads_to_its_place(opened):
    # Only the first system is shown at first; the error's own comes with it.
    assert not opened.is_visible(".side[data-side='2'] >> nth=0")
    opened.select_option("[name=system]", label="wrong")
    opened.select_option("[name=cause]", label="type")
    link = opened.locator("#list > li:visible a").first
    target = link.get_attribute("href")
    link.click()
    opened.wait_for_function(f"document.activeElement === document.querySelector('{target}')")
    place = opened.locator(target)
    assert place.is_visible()
    assert "wrong" in place.get_attribute("class")
    top = place.bounding_box()["y"]
    assert 0 < top < 900


def test_the_keyboard_reaches_an_error(opened):
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.locator("#list a").first.focus()
    opened.keyboard.press("Enter")
    opened.wait_for_function("document.activeElement.tagName === 'MARK'")


def test_layers_can_be_hidden(opened):
    opened.uncheck("[name=layer][value=actors]")
    assert opened.locator("mark.actors:not(.off)").count() == 0
    assert opened.locator("mark.events:not(.off)").count() > 0


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_no_width_overflows(opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    for box in opened.locator("[name=side]").all():
        box.check()
    opened.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    root = "document.documentElement"
    assert opened.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    # Nothing leaves the screen but what can be scrolled in a box of its own.
    beyond = opened.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((x) => !x.closest(".wide, .sr, .skip")
        && x.getBoundingClientRect().right > innerWidth + 1).map((x) => x.outerHTML.slice(0, 80))"""
    )
    assert beyond == []
    # The boxes can be reached by the keyboard.
    assert opened.evaluate("[...document.querySelectorAll('.wide')].every((x) => x.tabIndex === 0)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_reader(browser, report, scheme):
    tab = browser.new_page(color_scheme=scheme)
    tab.goto(report)
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.close()
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(browser, small, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    tab = browser.new_page(color_scheme=scheme)
    tab.goto(small)
    tab.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found = axe.Axe().run(tab).response
    tab.close()
    assert len(found["passes"]) > 20
    assert [x["id"] for x in found["violations"] if x["impact"] in ("serious", "critical")] == []
