"""English words that some rules know, as the guidelines list them, and small questions about words."""

from __future__ import annotations

import re

DETERMINERS = frozenset("the a an my your his her its our their these those".split())
RELATIVE = frozenset("who whom whose which that what".split())
PRONOUNS = frozenset(
    "i me my mine myself you your yours yourself he him his himself she her hers herself it its itself "
    "we us our ours ourselves they them their theirs themselves this that these those".split()
)
PLACE_PRONOUNS = frozenset("it its itself there here this that".split())
# A word after a mention that shows that the noun phrase of a name has ended.
FUNCTION_WORDS = frozenset(
    "of in on at to from with without by for near and or but who whom which that when where while after before "
    "since during is are was were be been has have had will would may might can could shall should must do does "
    "did said says told not".split()
)
PARTICLES = frozenset("down up out over for off away in back on".split())

LIGHT_VERBS = re.compile(
    r"(carr(y|ies|ied|ying)( out)?|conduct(s|ed|ing)?|perform(s|ed|ing)?|h[eo]ld(s|ing)?|conven(e|es|ed|ing)"
    r"|stag(e|es|ed|ing)|mount(s|ed|ing)?|wag(e|es|ed|ing)|under(take|takes|took|taken|taking)|ma(ke|kes|de|king)"
    r"|ha(ve|s|d|ving)|reach(es|ed|ing)?)",
    re.IGNORECASE,
)
AUXILIARIES = re.compile(
    r"(am|is|are|was|were|be|been|being|do|does|did|will|would|shall|should|can|could|may|might|must|not|no|never"
    r"|n['’]t|cannot|won['’]t|don['’]t|didn['’]t|doesn['’]t)",
    re.IGNORECASE,
)
PHASE_WORDS = re.compile(
    r"(beg(in|ins|an|un|inning)|start(s|ed|ing)?|continu(e|es|ed|ing|ation)|go(es|ing)? on|went on|ke(ep|eps|pt|eping)"
    r"|resum(e|es|ed|ing|ption)|stop(s|ped|ping)?|end(s|ed|ing)?|fail(s|ed|ing|ure)?|collaps(e|es|ed|ing)"
    r"|br(eak|eaks|oke|oken|eaking) down|breakdown)",
    re.IGNORECASE,
)
CAUSAL_WORDS = re.compile(
    r"(forc(e|es|ed|ing)|caus(e|es|ed|ing)|l(ead|eads|ed|eading)( to)?|allow(s|ed|ing)?|enabl(e|es|ed|ing)"
    r"|lets?|letting|prompt(s|ed|ing)?|trigger(s|ed|ing)?|br(ing|ings|ought|inging) about)",
    re.IGNORECASE,
)
REPORTING_WORDS = re.compile(
    r"(sa(y|ys|id|ying)|stat(e|es|ed|ing)|report(s|ed|ing)?|not(e|es|ed|ing)|announc(e|es|ed|ing|ement)"
    r"|wr(ite|ites|ote|itten|iting)|add(s|ed|ing)?|confirm(s|ed|ing)?|den(y|ies|ied|ying|ial)"
    r"|claim(s|ed|ing)?|statements?|messages?)",
    re.IGNORECASE,
)
HEDGES = re.compile(
    r"\b(may|might|could|can|possib\w*|probab\w*|likely|perhaps|maybe|apparent\w*|seem\w*|appear\w*|alleg\w*|reportedly"
    r"|reports?|rumou?r\w*|unconfirmed|believ\w*|suspect\w*|think\w*|thought|assum\w*|fear\w*|doubt\w*|claim\w*"
    r"|den(?:y|ies|ied|ying|ials?)|unknown|unclear)\b",
    re.IGNORECASE,
)
PROPOSALS = re.compile(
    r"\b(promis\w*|pledg\w*|vow\w*|offer\w*|demand\w*|urg(?:e|es|ed|ing)|order\w*|ask\w*|request\w*|call(?:s|ed|ing)?"
    r"|t[eo]ld?l?s?|threat\w*|warn\w*|plan\w*|want\w*|wish\w*|hop(?:e|es|ed|ing)|intend\w*|intention\w*|aim\w*|goals?"
    r"|tr(?:y|ies|ied|ying)|attempt\w*|effort\w*|seek\w*|sought|propos\w*|talks?|talk(?:ed|ing)|contacts?|negotiat\w*"
    r"|meetings?|discuss\w*|f[io]ught\w*|fight\w*|battl\w*|work(?:s|ed|ing)?|exchange|agree\w*|commit\w*|guarantee\w*"
    r"|decid\w*|prepar\w*|order to|readiness|ready)\b",
    re.IGNORECASE,
)
CAUSES = re.compile(
    r"\b(caus\w*|forc\w*|l(?:ead|eads|ed|eading) to|ma(?:ke|kes|de|king)|allow\w*|enabl\w*|lets?|letting|prompt\w*"
    r"|trigger\w*|because(?: of)?|due to|as a result(?: of)?|result\w*|thanks to|in response to|in retaliation for"
    r"|owing to|since|therefore|in exchange for|br(?:ing|ings|ought|inging) about)\b",
    re.IGNORECASE,
)
PREPOSITIONS = re.compile(
    r"(in|on|at|since|from|for|by|until|till|during|within|of|after|before)\s", re.IGNORECASE
)
NO_TIMES = frozenset(
    "already still yet again repeatedly often always never ever when while before after first finally".split()
) | {"no longer"}
DURATIONS = re.compile(
    r"[\s-]*(seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centur(y|ies))\b",
    re.IGNORECASE,
)
ORDINALS = re.compile(
    r"(the )?(\d+(st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|a|an|the)",
    re.IGNORECASE,
)

# What stands around a numeral and the value of ``mod`` that it asks for; the longest first.
BEFORE = {
    "more than": "more_than", "over": "more_than", "above": "more_than", "exceeding": "more_than",
    "upwards of": "more_than", "at least": "at_least", "no fewer than": "at_least", "not less than": "at_least",
    "no less than": "at_least", "a minimum of": "at_least", "fewer than": "less_than", "less than": "less_than",
    "under": "less_than", "below": "less_than", "nearly": "less_than", "almost": "less_than", "at most": "at_most",
    "no more than": "at_most", "up to": "at_most", "a maximum of": "at_most", "about": "approx", "around": "approx",
    "some": "approx", "approximately": "approx", "roughly": "approx", "as many as": "exact", "only": "exact",
    "just": "exact", "exactly": "exact", "a total of": "exact",
}  # fmt: skip
AFTER = {"or more": "at_least", "or so": "approx", "-odd": "approx"}
INSIDE = {"a couple of": "approx", "a couple": "approx", "couple": "approx"}
RANGE = re.compile(
    r"\b(between\b.*\band|from\b.*\bto|to|or)\b(?!\s(more|so)\b)|\d\s?[-–]\s?\d", re.IGNORECASE
)
VAGUE = re.compile(
    r"\b(numbers?|numerous|many|few|several|dozens|scores|hundreds|thousands|millions|billions|tens)\b",
    re.IGNORECASE,
)
MOST = re.compile(r"\b(most|majority|bulk)\b", re.IGNORECASE)
UNITS_AFTER = re.compile(
    r"\s?(%|per ?cent\b|percent\b|percentage points?\b|km\b|kilomet(er|re)s?\b|kg\b|tonnes?\b|tons?\b|dollars?\b|euros?\b)",
    re.IGNORECASE,
)
UNITS_BEFORE = re.compile(r"(US)?[$€£¥]\s?$")
INITIALS = re.compile(r"\b(\w\.)+\w$")
ABBREVIATION = re.compile(
    r"(\b\w\.)+$|\b(Inc|Ltd|Co|Corp|Jr|Sr|St|Dr|Mr|Mrs|Ms|No|Gen|Sen|Rep|Gov|Lt|Col|Capt|Prof|a\.m|p\.m)\.$"
)


def is_pronoun(word: str, *, place: bool = False) -> bool:
    """Is the word a pronoun by itself? For a place, "there" and "here" are, too."""
    return word.lower() in (PLACE_PRONOUNS | PRONOUNS if place else PRONOUNS)


def word_before(text: str, offset: int) -> str:
    """The word that ends right before an offset, one space between; "" if there is none.

    >>> word_before("the old bridge", 8), word_before("the, old", 5)
    ('old', '')
    """
    found = re.search(r"([\w’'-]+) $", text[max(0, offset - 40) : offset])
    return found.group(1) if found else ""


def word_after(text: str, offset: int) -> str:
    """The word that begins right after an offset, one space between; "" if there is none."""
    found = re.match(r" ([\w’'-]+)", text[offset : offset + 40])
    return found.group(1) if found else ""
