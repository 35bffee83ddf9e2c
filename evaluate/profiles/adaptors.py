"""From two documents to the rows of another scorer: its view of them, then its way to count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from math import isnan, nan
from typing import Any

from goldwire.annotate.document import Document
from goldwire.evaluate import coreference, counts, templates
from goldwire.evaluate.counts import Counts, Four, Rates
from goldwire.evaluate.profiles import (
    ace,
    brat,
    chains,
    linking,
    measurements,
    muc4,
    nuggets,
    quoting,
    semeval,
    tagging,
    views,
)
from goldwire.evaluate.profiles.profile import Pair, Results, Rows, averages, summed, zero

Counted = Mapping[str, Four]
Count = Callable[[Document, Document], Counted]
Raws = Sequence[muc4.Raw]
Sorting = Callable[[Sequence[semeval.Item], Sequence[semeval.Item], str], semeval.Categories]
SHARE = "proportional"


def schemes(count: Sorting) -> Count:
    """The four schemes of SemEval-2013 over labelled spans."""

    return lambda gold, pred: scheme_rows(
        count, views.items(gold, gold), views.items(pred, gold, ordered=False)
    )


def scheme_rows(count: Sorting, gold: Sequence[semeval.Item], pred: Sequence[semeval.Item]) -> Counted:
    """Every scheme, and every scheme for each label as if the others were not there."""
    return {
        **{scheme: count(gold, pred, scheme).row for scheme in semeval.SCHEMES},
        **{
            f"{scheme} {label}": found.row
            for scheme in semeval.SCHEMES
            for label, found in semeval.per_label(gold, pred, scheme, count).items()
        },
    }


def seqeval(gold: Document, pred: Document) -> Counted:
    """Chunks of tags as seqeval sees them by default."""
    return tagging.seqeval([views.tags(gold, gold)], [views.tags(pred, gold)])


def seqeval_strict(gold: Document, pred: Document) -> Counted:
    """Chunks of tags that keep the rules of IOB2."""
    return tagging.seqeval([views.tags(gold, gold)], [views.tags(pred, gold)], chunks=tagging.strict)


def conlleval(gold: Document, pred: Document) -> Counted:
    """Chunks of tags as conlleval sees them."""
    return tagging.conlleval([views.tags(gold, gold)], [views.tags(pred, gold)])


def spacy_spans(gold: Document, pred: Document) -> Counted:
    """Labelled spans as sets."""
    return ace.spacy_spans(views.items(gold, gold), views.items(pred, gold))


def spans_fixed(gold: Document, pred: Document) -> Counted:
    """Labelled spans as they are, copies counted."""
    return ace.spans_fixed(views.items(gold, gold), views.items(pred, gold))


def events(count: Callable[[list[ace.Event], list[ace.Event]], Counted], *names: str) -> Count:
    """Triggers and arguments; only the measures of these names, in the order given."""

    def rows(gold: Document, pred: Document) -> Counted:
        found = count(views.ace_events(gold), views.ace_events(pred))
        return {name: found[name] for name in names or found}

    return rows


def clusters(count: Callable[[chains.Lists, chains.Lists], Counted]) -> Count:
    """Actors with their mentions."""

    def rows(gold: Document, pred: Document) -> Counted:
        found = count(views.clusters(gold), views.clusters(pred))
        return {f"coref {name}": row for name, row in found.items()}

    return rows


def coval(gold: chains.Lists, pred: chains.Lists) -> Counted:
    """coval on what it reads from a CoNLL file."""
    return chains.coval(chains.last_only(gold), chains.last_only(pred))


def ours(gold: chains.Lists, pred: chains.Lists) -> Counted:
    """goldwire's own metrics, in rows of four."""
    return {name: four(row) for name, row in coreference.rows(gold, pred).items()}


def corefud(*, singletons: bool) -> Count:
    """Actors with their mentions in words, matched by their heads."""

    def rows(gold: Document, pred: Document) -> Counted:
        g, p = (chains.last_only(views.headed_clusters(d)) for d in (gold, pred))
        if not singletons:
            g, p = ([c for c in side if len(c) > 1] for side in (g, p))
        stands_for = chains.aligned_by_head([m for c in g for m in c], [m for c in p for m in c])
        answers = [[stands_for.get(m, ("pred", m)) for m in c] for c in p]
        return {f"coref {name}": row for name, row in chains.corefud(g, answers).items()}

    return rows


def coreference_report(rows: Rows, *, either: bool = False) -> Results:
    """Every metric, BLANC averaged from its two rows, and the CoNLL mean; nothing out of nothing is 0."""
    results = nuggets.coreference_rates(rows, either=either)
    if not results:
        return {}
    return {"conll": coreference.mean([results[name] for name in ("muc", "b3", "ceaf_e")]), **results}


def corefud_report(rows: Rows) -> Results:
    """The same with BLANC averaged over the kinds of pairs that one side at least has."""
    return coreference_report(rows, either=True)


def coreference_fixed(rows: Rows) -> Results:
    """The same with goldwire's CoNLL mean, which leaves out what is not defined."""
    found = {name.removeprefix("coref "): row for name, row in rows.items()}
    return {**corefud_report(rows), "conll": zero(coreference.conll(found))} if found else {}


def lea_report(rows: Rows) -> Results:
    """LEA, and the mentions found."""
    return {name: rates for name, rates in coreference_report(rows).items() if name in ("mention", "lea")}


def fillers(count: Callable[[Raws, Raws], Counted]) -> Count:
    """Events as templates of strings."""
    return lambda gold, pred: count(views.templates(gold), views.templates(pred))


def gtt(gold: Raws, pred: Raws) -> Counted:
    """Types and fillers of templates, best mapping."""
    return {"all": muc4.gtt(gold, pred)}


def rme(*, phi3: bool) -> Callable[[Raws, Raws], Counted]:
    """Aligned templates: shared mentions, or entities that touch."""
    return lambda gold, pred: {"all": muc4.ceaf_rme(gold, pred, phi3=phi3)}


def mended(raw: Raws) -> list[templates.Template]:
    """The same templates for the metrics without faults."""
    return [
        templates.Template(
            str(t[muc4.TYPE]),
            {role: [[muc4.normal(m) for m in e] for e in v] for role, v in t.items() if role != muc4.TYPE},
        )
        for t in raw
    ]


def ree(gold: Raws, pred: Raws) -> Counted:
    """CEAF-REE: strict, and by the share of mentions (nan where a predicted entity has none)."""
    strict = muc4.ceaf_ree(gold, pred)
    if all(e for t in pred for role, v in t.items() if role != muc4.TYPE for e in v):
        share = muc4.ceaf_ree(gold, pred, proportional=True)
    else:
        share = {role: (nan, row[1], nan, row[3]) for role, row in strict.items()}
    return {**strict, **{f"{SHARE} {role}": row for role, row in share.items()}}


def ree_report(rows: Rows) -> Results:
    """Micro over roles, strict and by share (where that is defined), then every role."""
    strict = {k: row for k, row in rows.items() if not k.startswith(f"{SHARE} ")}
    share = {k: row for k, row in rows.items() if k.startswith(f"{SHARE} ")}
    micro = {"micro": zero(counts.total(strict.values()).rates())}
    if any(isnan(row.p_hit) for row in share.values()):
        share = {}
    else:
        micro[f"{SHARE} micro"] = zero(counts.total(share.values()).rates())
    return {**micro, **{name: zero(row.rates()) for name, row in (strict | share).items()}}


def ree_fixed(gold: Raws, pred: Raws) -> Counted:
    """CEAF-REE where an entity without mentions is none."""
    return {role: four(row) for role, row in templates.ceaf_ree(mended(gold), mended(pred)).items()}


def whole_fixed(
    metric: Callable[[templates.Templates, templates.Templates], Counts],
) -> Callable[[Raws, Raws], Counted]:
    """A metric of templates with one row."""
    return lambda gold, pred: {"all": four(metric(mended(gold), mended(pred)))}


def gender_gap(*, fixed: bool) -> Count:
    """Quotations at both thresholds in use."""

    return lambda gold, pred: gender_gap_rows(views.sfu_quotes(gold), views.sfu_quotes(pred), fixed=fixed)


def gender_gap_rows(gold: Sequence[quoting.Quote], pred: Sequence[quoting.Quote], *, fixed: bool) -> Counted:
    """The same in the tracker's own terms."""
    found = {least: quoting.gender_gap(gold, pred, least=least, fixed=fixed) for least in (0.3, 0.8)}
    return {f"{name}@{least}": row for least, each in found.items() for name, row in each.items()}


def german(*, fixed: bool) -> Count:
    """Quotations in tokens."""
    return lambda gold, pred: quoting.german(
        views.german_quotes(gold), views.german_quotes(pred), fixed=fixed
    )


def booknlp(count: Callable[[Mapping[Any, str], Mapping[Any, str]], Four]) -> Count:
    """Who says the quotations whose content both sides have."""
    return lambda gold, pred: {"b3": count(views.speakers(gold), views.speakers(pred))}


def kbp(*, fixed: bool) -> Count:
    """Event nuggets and their chains."""

    def rows(gold: Document, pred: Document) -> Counted:
        (g, g_chains), (p, p_chains) = views.nuggets(gold), views.nuggets(pred)
        return nuggets.nuggets(g, p, g_chains, p_chains, fixed=fixed)

    return rows


def measured(*, fixed: bool) -> Count:
    """Numbers with units, modifiers and what they count."""
    return lambda gold, pred: measurements.measeval(
        views.measurements(gold, ordered=fixed), views.measurements(pred, ordered=fixed), fixed=fixed
    )


def brateval(count: Callable[..., Counted]) -> Count:
    """Spans of any shape, equal ones and overlapping ones."""

    return lambda gold, pred: brateval_rows(
        count, views.brat_entities(gold, gold), views.brat_entities(pred, gold)
    )


def brateval_rows(
    count: Callable[..., Counted], gold: Sequence[brat.Entity], pred: Sequence[brat.Entity]
) -> Counted:
    """The same in brat's own terms."""
    found = {"exact": count(gold, pred), "overlap": count(gold, pred, overlap=True)}
    return {f"{how} {label}".strip(): row for how, rows in found.items() for label, row in rows.items()}


def brateval_report(rows: Rows) -> Results:
    """All labels together for either way of matching, then each."""
    results: Results = {}
    for how in ("exact", "overlap"):
        every = {name: row for name, row in rows.items() if name.partition(" ")[0] == how}
        results[f"{how} all"] = zero(sum(every.values(), Counts()).rates())
        results |= {name: zero(row.rates()) for name, row in every.items()}
    return results


def hipe(
    count: Callable[[list[semeval.Item], list[semeval.Item], frozenset[str]], Counted],
) -> Callable[[Sequence[Pair]], Counted]:
    """Tags of all documents, the labels of gold being known beforehand."""

    def rows(pairs: Sequence[Pair]) -> Counted:
        items = [(views.token_items(g, g), views.token_items(p, g)) for g, p in pairs]
        labels = frozenset(x.label for g, _ in items for x in g)
        return summed(count(g, p, labels) for g, p in items)

    return rows


def neleval(*, fixed: bool) -> Callable[[Sequence[Pair]], Counted]:
    """Mentions with their entities, clusters going across documents."""

    def rows(pairs: Sequence[Pair]) -> Counted:
        gold = [x for n, (g, _) in enumerate(pairs) for x in views.linked(g, n)]
        pred = [x for n, (_, p) in enumerate(pairs) for x in views.linked(p, n)]
        return {**linking.sets(gold, pred, fixed=fixed), **linking.clusters(gold, pred)}

    return rows


def averaged(rows: Rows) -> Results:
    """Micro, macro and weighted means, and every label; 0/0 is 0, as seqeval has it."""
    return averages(rows)


def with_micro(*parts: str) -> Callable[[Rows], Results]:
    """All rows together (or those named) under ``micro``, then every row."""

    def finish(rows: Rows) -> Results:
        together = sum((row for name, row in rows.items() if not parts or name in parts), Counts())
        single: dict[str, Rates] = {name: zero(row.rates()) for name, row in rows.items()}
        return {"micro": zero(together.rates()), **single}

    return finish


def four(row: Counts) -> Four:
    """A row as a plain tuple."""
    return astuple(row)
