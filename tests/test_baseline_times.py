"""Times, on the examples of the guidelines' table and on invented phrases."""

import pytest

from goldwire.annotate.document import Document
from goldwire.evaluate.baseline.times import add, expressions

# text -> mention, kind, value, mod
TIMES = {
    "on 9 May": ("9 May", "DATE", "XXXX-05-09", ""),
    "on Monday, 9 May": ("Monday, 9 May", "DATE", "XXXX-05-09", ""),
    "on Tuesday": ("Tuesday", "DATE", "XXXX-WXX-2", ""),
    "Tuesday's letter": ("Tuesday", "DATE", "XXXX-WXX-2", ""),
    "In March they left": ("March", "DATE", "XXXX-03", ""),
    "the summer of 2014": ("the summer of 2014", "DATE", "2014-SU", ""),
    "on May 9, 2014, they left": ("May 9, 2014", "DATE", "2014-05-09", ""),
    "the 2014 agreement": ("2014", "DATE", "2014", ""),
    "early May": ("early May", "DATE", "XXXX-05", "start"),
    "the end of June": ("the end of June", "DATE", "XXXX-06", "end"),
    "the 1990s": ("the 1990s", "DATE", "199X", ""),
    "last week": ("last week", "DATE", "XXXX-WXX", ""),
    "on Monday morning": ("Monday morning", "DATE", "XXXX-WXX-1TMO", ""),
    "3-4 May": ("3-4 May", "INTERVAL", "XXXX-05-03/XXXX-05-04", ""),
    "on May 3-4": ("May 3-4", "INTERVAL", "XXXX-05-03/XXXX-05-04", ""),
    "from May to July": ("May to July", "INTERVAL", "XXXX-05/XXXX-07", ""),
    "from 3 May to 5 June 2013": ("3 May to 5 June 2013", "INTERVAL", "2013-05-03/2013-06-05", ""),
    "between 2011 and 2014": ("2011 and 2014", "INTERVAL", "2011/2014", ""),
    "1998-99": ("1998-99", "INTERVAL", "1998/1999", ""),
    "a four-day lull": ("four-day", "DURATION", "P4D", ""),
    "for two weeks": ("two weeks", "DURATION", "P2W", ""),
    "for more than two weeks": ("more than two weeks", "DURATION", "P2W", "more_than"),
    "15 hours": ("15 hours", "DURATION", "PT15H", ""),
    "half an hour": ("half an hour", "DURATION", "PT30M", ""),
    "for decades": ("decades", "DURATION", "PXY", ""),
    "for some weeks": ("some weeks", "DURATION", "PXW", ""),
    "for a century": ("a century", "DURATION", "P100Y", ""),
    "since 19 June": ("19 June", "DATE", "XXXX-06-19", ""),
    "since the start of the raid": ("the start of the raid", "RELATIVE", "", "start"),
    "two days later": ("two days later", "RELATIVE", "", "after"),
    "three years ago": ("three years ago", "RELATIVE", "", "before"),
    "Two days after the raid they left": ("Two days after the raid", "RELATIVE", "", "after"),
    "Previously they left": ("Previously", "REFERENCE", "PAST_REF", ""),
    "they now left": ("now", "REFERENCE", "PRESENT_REF", ""),
    "they leave soon": ("soon", "REFERENCE", "FUTURE_REF", ""),
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_says(text: str) -> None:
    (found,) = expressions(text)
    assert (text[found.start : found.end], found.kind, found.value, found.mod) == TIMES[text]


@pytest.mark.parametrize(
    "text",
    [
        "a three-year-old boy, aged 30",
        "they still wait",
        "they may leave",
        "2000 people",
        "a march on Tarn",
        "again",
    ],
)
def test_no_time(text: str) -> None:
    assert expressions(text) == []


def test_days_are_resolved_where_the_text_gives_them() -> None:
    times = add(Document("They met in June, on Friday, and on 9 May 2014.")).times
    assert [(t.resolved, t.basis) for t in times] == [
        ("XXXX-06-01/XXXX-06-30", "text"),
        ("", "none"),
        ("2014-05-09/2014-05-09", "text"),
    ]


def test_the_head_of_a_relative_time() -> None:
    (time,) = add(Document("It began two days after the raid.")).times
    assert (time.mention.text, time.mention.head) == ("two days after the raid", "days")
