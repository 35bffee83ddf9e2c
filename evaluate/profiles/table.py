"""Every profile by name, with its reference and the laws that it breaks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from goldwire.evaluate import templates
from goldwire.evaluate.profiles import ace, adaptors, chains, muc4, nuggets, semeval
from goldwire.evaluate.profiles.adaptors import with_micro
from goldwire.evaluate.profiles.profile import Profile, each

ROWS: list[Profile] = []


def _add(profile: Profile, **mended: object) -> None:
    """Put a profile into the table and, where anything is mended, its ``+fixed`` twin after it."""
    ROWS.append(profile)
    if mended:
        changes = {"exempt": {}, **mended}
        ROWS.append(replace(profile, name=f"{profile.name}+fixed", **changes))  # type: ignore[arg-type]


_add(
    Profile(
        "semeval2013",
        "labelled spans: correct, incorrect, partial, missed, spurious under the best alignment",
        "Segura-Bedmar et al. 2013 (S13-2056)",
        "strict",
        adaptors.schemes(semeval.optimal),
    )
)
_add(
    Profile(
        "nervaluate-1.2",
        "the same, paired greedily in the order of predictions",
        "nervaluate 1.2.1",
        "strict",
        adaptors.schemes(semeval.greedy),
    ),
    count=adaptors.schemes(semeval.optimal),
)
_add(
    Profile(
        "seqeval",
        "chunks of tags, invalid ones read leniently",
        "seqeval 1.2.2",
        "micro",
        adaptors.seqeval,
        adaptors.averaged,
    )
)
_add(
    Profile(
        "seqeval-strict",
        "chunks of tags that keep the rules of IOB2",
        "seqeval 1.2.2, mode strict, scheme IOB2",
        "micro",
        adaptors.seqeval_strict,
        adaptors.averaged,
    )
)
_add(
    Profile(
        "conlleval",
        "chunks of tags as in CoNLL-2000",
        "conlleval 2004-01-26",
        "micro",
        adaptors.conlleval,
        with_micro(),
    )
)
_add(
    Profile(
        "spacy-spans",
        "labelled spans as sets",
        "spaCy 3.8, Scorer.score_spans",
        "micro",
        adaptors.spacy_spans,
        with_micro(),
    )
)
_add(
    Profile(
        "ace-li2013",
        "triggers by offsets, arguments beside the type of their event",
        "Li, Ji & Huang 2013 (P13-1008)",
        "argument_cls",
        adaptors.events(ace.textee, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
    ),
    count=adaptors.events(ace.textee_fixed, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
)
for _name, _headline in (("textee", "argument_cls"), ("textee-attached", "argument_attached_cls")):
    _add(
        Profile(
            _name,
            "triggers by offsets, arguments beside the type of their event, or attached to its trigger",
            "TextEE at 25d5dca, compute_scores E2E",
            _headline,
            adaptors.events(ace.textee),
        ),
        count=adaptors.events(ace.textee_fixed),
    )
_add(
    Profile(
        "conll-v8.01",
        "coreference of actors: MUC, B³, CEAF, BLANC",
        "CoNLL reference scorer v8.01 at f49f3f8",
        "conll",
        adaptors.clusters(chains.reference),
        adaptors.coreference_report,
    ),
    count=adaptors.clusters(adaptors.ours),
    finish=adaptors.corefud_report,
)
_add(
    Profile(
        "corefud",
        "coreference of actors, mentions matched by head, singletons left out",
        "corefud-scorer 1.2 at 4fd7b0e",
        "conll",
        adaptors.corefud(singletons=False),
        adaptors.corefud_report,
    ),
    count=adaptors.corefud(singletons=True),
)
_add(
    Profile(
        "lea",
        "coreference of actors: LEA, singletons kept",
        "coval at 87071a6",
        "lea",
        adaptors.clusters(adaptors.coval),
        adaptors.lea_report,
    ),
    count=adaptors.clusters(adaptors.ours),
)
_add(
    Profile(
        "ceaf-ree",
        "role fillers of a document, entities aligned role by role",
        "GRIT at d8212bc, eval_ceaf",
        "micro",
        adaptors.fillers(muc4.ceaf_ree),
        with_micro(),
    ),
    count=adaptors.fillers(adaptors.ree_fixed),
)
_add(
    Profile(
        "german-quotes-2024",
        "quotations in tokens, aligned; content, roles, type, medium",
        "uhh-lt/german-news-quotation-attribution-2024 at 74e7bd6",
        "joint",
        adaptors.german(fixed=False),
    ),
    count=adaptors.german(fixed=True),
)
_add(
    Profile(
        "oneie",
        "triggers and arguments, one type a trigger",
        "OneIE's scorer, in TextEE at 25d5dca",
        "argument_cls",
        adaptors.events(ace.oneie),
    ),
    count=adaptors.events(ace.textee_fixed, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
)
_add(
    Profile(
        "kbp-nugget-2017",
        "event nuggets by overlap, with type and realis, and their chains",
        "EvmEval, scorer_v1.8.py at 9f60e17",
        "mention_type+realis_status",
        adaptors.kbp(fixed=False),
        nuggets.finish,
    ),
    count=adaptors.kbp(fixed=True),
    finish=nuggets.finish_fixed,
)
_add(
    Profile(
        "gtt",
        "templates under the best mapping: types and role fillers",
        "GTT at d829ed8, eval_tf",
        "all",
        adaptors.fillers(adaptors.gtt),
    ),
    count=adaptors.fillers(adaptors.whole_fixed(templates.template_f1)),
)
for _name, _phi3, _what in (("phi3", True, "mentions shared"), ("subset", False, "entities touched")):
    _add(
        Profile(
            f"ceaf-rme-{_name}",
            f"templates aligned by {_what}",
            "IterX at 65fd64c",
            "all",
            adaptors.fillers(adaptors.rme(phi3=_phi3)),
        ),
        count=adaptors.fillers(
            adaptors.whole_fixed(
                partial(templates.ceaf_rme, similarity=templates.common if _phi3 else templates.within)
            )
        ),
    )
_add(
    Profile(
        "gender-gap-tracker",
        "quotations by the share of the gold that is covered, with speaker and verb",
        "SFU Gender Gap Tracker at 5501de3, compare_res",
        "quote@0.8",
        adaptors.gender_gap,
        each,
    )
)
_add(
    Profile(
        "booknlp-b3",
        "quotations clustered by speaker",
        "BookNLP at 3d900fc, common/b3.py",
        "b3",
        adaptors.booknlp,
    )
)

PROFILES: dict[str, Profile] = {profile.name: profile for profile in ROWS}
