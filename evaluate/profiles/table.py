"""Every profile by name, with its reference and the laws that it breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from goldwire.evaluate import templates
from goldwire.evaluate.profiles import (
    ace,
    adaptors,
    brat,
    chains,
    historical,
    measurements,
    nuggets,
    semeval,
)
from goldwire.evaluate.profiles import exemptions as why
from goldwire.evaluate.profiles.adaptors import Count, Counted
from goldwire.evaluate.profiles.profile import Pair, Profile, Results, Rows, by_document, each

PROFILES: dict[str, Profile] = {}

# What profiles score; only those of one kind can be compared with each other at all.
KINDS = {
    "spans": "semeval2013 nervaluate-1.2 seqeval seqeval-strict conlleval spacy-spans brateval hipe",
    "events": "ace-li2013 textee textee-attached oneie kbp-nugget-2017",
    "coreference": "conll-v8.01 corefud lea",
    "templates": "ceaf-ree gtt ceaf-rme-phi3 ceaf-rme-subset",
    "quotations": "german-quotes-2024 gender-gap-tracker booknlp-b3",
    "quantities": "measeval-2021",
    "entities": "neleval",
}

Finish = Callable[[Rows], Results]


def _add(
    name: str,
    about: str,
    reference: str,
    headline: str,
    count: Count | None = None,
    finish: Finish = each,
    *,
    over: Callable[[Sequence[Pair]], Counted] | None = None,
    exempt: Mapping[str, str] | None = None,
) -> None:
    """Put a profile into the table: ``count`` for one document, or ``over`` for all of them."""
    whole = over or by_document(count) if count else over
    assert whole is not None, name
    PROFILES[name] = Profile(name, about, reference, headline, whole, finish, exempt or {})


def _fixed(
    name: str,
    count: Count | None = None,
    finish: Finish | None = None,
    *,
    over: Callable[[Sequence[Pair]], Counted] | None = None,
    headline: str = "",
    exempt: Mapping[str, str] | None = None,
) -> None:
    """Put the mended twin of a profile after it."""
    p = PROFILES[name]
    report = finish or p.finish
    _add(
        f"{name}+fixed",
        p.about,
        p.reference,
        headline or p.headline,
        count,
        report,
        over=over,
        exempt=exempt,
    )


_add(
    "semeval2013",
    "labelled spans: correct, incorrect, partial, missed, spurious under the best alignment",
    "Segura-Bedmar et al. 2013 (S13-2056)",
    "strict",
    adaptors.schemes(semeval.optimal),
)
_add(
    "nervaluate-1.2",
    "the same, paired greedily in the order of predictions",
    "nervaluate 1.2.1",
    "strict",
    adaptors.schemes(semeval.greedy),
    exempt={"order": why.GREEDY, "another": why.GREEDY, "swap": why.GREEDY},
)
_fixed("nervaluate-1.2", adaptors.schemes(semeval.optimal))
_add(
    "seqeval",
    "chunks of tags, invalid ones read leniently",
    "seqeval 1.2.2",
    "micro",
    adaptors.seqeval,
    adaptors.averaged,
    exempt={"right": why.TAGS, "another": why.TAGS},
)
_fixed("seqeval", adaptors.spans_fixed)
_add(
    "seqeval-strict",
    "chunks of tags that keep the rules of IOB2",
    "seqeval 1.2.2, mode strict, scheme IOB2",
    "micro",
    adaptors.seqeval_strict,
    adaptors.averaged,
    exempt={"right": why.TAGS, "another": why.TAGS},
)
_fixed("seqeval-strict", adaptors.spans_fixed)
_add(
    "conlleval",
    "chunks of tags as in CoNLL-2000",
    "conlleval 2004-01-26",
    "micro",
    adaptors.conlleval,
    adaptors.with_micro(),
    exempt={"right": why.TAGS, "another": why.TAGS},
)
_fixed("conlleval", adaptors.spans_fixed)
_add(
    "spacy-spans",
    "labelled spans as sets",
    "spaCy 3.8, Scorer.score_spans",
    "micro",
    adaptors.spacy_spans,
    adaptors.with_micro(),
)
_fixed("spacy-spans", adaptors.spans_fixed)
ACE = ("trigger_id", "trigger_cls", "argument_id", "argument_cls")
_add(
    "ace-li2013",
    "triggers by offsets, arguments beside the type of their event",
    "Li, Ji & Huang 2013 (P13-1008)",
    "argument_cls",
    adaptors.events(ace.textee, *ACE),
)
_fixed("ace-li2013", adaptors.events(ace.textee_fixed, *ACE))
for _name, _headline in (("textee", "argument_cls"), ("textee-attached", "argument_attached_cls")):
    _add(
        _name,
        "triggers by offsets, arguments beside the type of their event, or attached to its trigger",
        "TextEE at 25d5dca, compute_scores E2E",
        _headline,
        adaptors.events(ace.textee),
    )
    _fixed(_name, adaptors.events(ace.textee_fixed))
_add(
    "conll-v8.01",
    "coreference of actors: MUC, B³, CEAF, BLANC",
    "CoNLL reference scorer v8.01 at f49f3f8",
    "conll",
    adaptors.clusters(chains.reference),
    adaptors.coreference_report,
    exempt={"identity": why.SINGLETONS, "another": why.CLUSTERS, "swap": why.ONE_SIDED},
)
_fixed(
    "conll-v8.01",
    adaptors.clusters(adaptors.ours),
    adaptors.coreference_fixed,
    exempt={"another": why.CLUSTERS},
)
_add(
    "corefud",
    "coreference of actors, mentions matched by head, singletons left out",
    "corefud-scorer 1.2 at 4fd7b0e",
    "conll",
    adaptors.corefud(singletons=False),
    adaptors.corefud_report,
    exempt={"identity": why.LEFT_OUT, "another": why.CLUSTERS, "wrong": why.LEFT_OUT},
)
_fixed(
    "corefud",
    adaptors.corefud(singletons=True),
    adaptors.coreference_fixed,
    exempt={"right": why.CLUSTERS, "another": why.CLUSTERS},
)
_add(
    "lea",
    "coreference of actors: LEA, singletons kept",
    "coval at 87071a6",
    "lea",
    adaptors.clusters(adaptors.coval),
    adaptors.lea_report,
    exempt={"right": why.CLUSTERS, "another": why.CLUSTERS},
)
_fixed("lea", adaptors.clusters(adaptors.ours), exempt={"right": why.CLUSTERS, "another": why.CLUSTERS})
_add(
    "ceaf-ree",
    "role fillers of a document, entities aligned role by role",
    "GRIT at d8212bc, eval_ceaf",
    "micro",
    adaptors.fillers(adaptors.ree),
    adaptors.ree_report,
    exempt={"another": why.ENTITIES, "wrong": why.STRINGS, "swap": why.ONE_SIDED},
)
_fixed(
    "ceaf-ree",
    adaptors.fillers(adaptors.ree_fixed),
    exempt={"another": why.ENTITIES, "wrong": why.STRINGS, "swap": why.ONE_SIDED},
)
_add(
    "german-quotes-2024",
    "quotations in tokens, aligned; content, roles, type, medium",
    "uhh-lt/german-news-quotation-attribution-2024 at 74e7bd6",
    "joint",
    adaptors.german(fixed=False),
    exempt={"order": why.GREEDY, "duplicates": why.GREEDY, "another": why.SPEAKERS, "wrong": why.GREEDY},
)
_fixed("german-quotes-2024", adaptors.german(fixed=True), exempt={"another": why.SPEAKERS})
_add(
    "oneie",
    "triggers and arguments, one type a trigger",
    "OneIE's scorer, in TextEE at 25d5dca",
    "argument_cls",
    adaptors.events(ace.oneie),
)
_fixed("oneie", adaptors.events(ace.textee_fixed, *ACE))
_add(
    "kbp-nugget-2017",
    "event nuggets by overlap, with type and realis, and their chains",
    "EvmEval, scorer_v1.8.py at 9f60e17",
    "mention_type+realis_status",
    adaptors.kbp(fixed=False),
    nuggets.finish,
    exempt={"wrong": why.GOLD_ONLY, "swap": why.GOLD_ONLY},
)
_fixed("kbp-nugget-2017", adaptors.kbp(fixed=True), nuggets.finish_fixed)
_add(
    "gtt",
    "templates under the best mapping: types and role fillers",
    "GTT at d829ed8, eval_tf",
    "all",
    adaptors.fillers(adaptors.gtt),
    exempt={"another": why.ENTITIES, "wrong": why.PLACELESS, "swap": why.ONE_SIDED},
)
_fixed(
    "gtt",
    adaptors.fillers(adaptors.whole_fixed(templates.template_f1)),
    exempt={"another": why.ENTITIES, "wrong": why.PLACELESS, "swap": why.ONE_SIDED},
)
for _name, _phi3, _what in (("phi3", True, "mentions shared"), ("subset", False, "entities touched")):
    _add(
        f"ceaf-rme-{_name}",
        f"templates aligned by {_what}",
        "IterX at 65fd64c",
        "all",
        adaptors.fillers(adaptors.rme(phi3=_phi3)),
        exempt={} if _phi3 else {"wrong": why.STRINGS},
    )
    _like = templates.common if _phi3 else templates.within
    _fixed(
        f"ceaf-rme-{_name}",
        adaptors.fillers(adaptors.whole_fixed(partial(templates.ceaf_rme, similarity=_like))),
        exempt={} if _phi3 else {"another": why.ENTITIES, "wrong": why.STRINGS, "swap": why.ONE_SIDED},
    )
_add(
    "measeval-2021",
    "quantities with unit, modifiers and what was measured",
    "MeasEval, measeval-eval.py at 1fa738b",
    "overlap",
    adaptors.measured(fixed=False),
    measurements.finish,
    exempt={"identity": why.TOUCH, "order": why.TOUCH, "duplicates": why.TOUCH, "swap": why.TOUCH},
)
_fixed("measeval-2021", adaptors.measured(fixed=True), headline="overall", exempt={"another": why.SPEAKERS})
_add(
    "brateval",
    "spans of any shape, first come first served",
    "BRATEval 0.3.2 at 17acc16",
    "exact all",
    adaptors.brateval(brat.brateval),
    adaptors.brateval_report,
)
_fixed("brateval", adaptors.brateval(brat.brateval_fixed))
_add(
    "hipe",
    "tagged spans: strict and fuzzy, micro and macro",
    "HIPE-scorer at c2a5684",
    "strict micro",
    over=adaptors.hipe(historical.hipe),
    finish=historical.finish,
    exempt={"right": why.TAGS, "another": why.TAGS, "wrong": why.GOLD_ONLY, "swap": why.GOLD_ONLY},
)
_fixed("hipe", over=adaptors.hipe(historical.hipe_fixed), exempt={"right": why.TAGS, "another": why.TAGS})
_add(
    "neleval",
    "mentions of actors and places with their entities, across documents",
    "neleval at 68f6841",
    "typed_mention_ceaf",
    over=adaptors.neleval(fixed=False),
)
_fixed("neleval", over=adaptors.neleval(fixed=True))
_add(
    "gender-gap-tracker",
    "quotations by the share of the gold that is covered, with speaker and verb",
    "SFU Gender Gap Tracker at 5501de3, compare_res",
    "quote@0.8",
    adaptors.gender_gap(fixed=False),
    exempt={"identity": why.GREEDY, "order": why.GREEDY, "swap": why.COVER},
)
_fixed("gender-gap-tracker", adaptors.gender_gap(fixed=True))
_add(
    "booknlp-b3",
    "quotations clustered by speaker",
    "BookNLP at 3d900fc, common/b3.py",
    "b3",
    adaptors.booknlp(chains.booknlp),
    exempt={
        "order": why.SAME_CONTENT,
        "duplicates": why.SAME_CONTENT,
        "another": why.SAME_CONTENT,
        "wrong": why.GOLD_ONLY,
        "swap": why.GOLD_ONLY,
    },
)
_fixed(
    "booknlp-b3",
    adaptors.booknlp(chains.booknlp_fixed),
    exempt=dict.fromkeys(("order", "duplicates", "another"), why.SAME_CONTENT),
)
