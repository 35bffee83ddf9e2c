"""The schemes that the fast path counts, by their names.

Those of SemEval 2013 (and of nervaluate), each by the best one-to-one pairing:

``strict``
    Equal bounds and label.
``exact``
    Equal bounds, whatever the label; pairs of equal label first.
``partial``
    Equal bounds are worth 1, any overlap 1/2, whatever the label. To pair equal bounds
    first loses nothing: a pair of 1 takes the place of at most two of 1/2.
``type``
    Any overlap, label equal.

``near-typed@T`` and ``near@T`` count pairs whose intersection over union is at least T, with
and without the label. How many pairs there can be is one number; which of the labels have
them when labels may differ is a choice, so ``near`` has one row for all labels. ``dice-typed``, ``dice``,
``iou-typed`` and ``iou`` give each overlapping pair the share that it has in common.

A label's row counts gold under the gold label and predictions under theirs.
"""

SCHEMES = ("strict", "exact", "partial", "type")
NEAR = ("near-typed", "near")  # with @ and a threshold
SHARES = ("dice-typed", "dice", "iou-typed", "iou")


def unit(scheme: str) -> int:
    """How many of its hits' units a hit of a scheme is."""
    return 1 << 30 if scheme in SHARES else 2


def summed(scheme: str) -> bool:
    """Whether a scheme has one row for all labels: which of them have the hits is a choice."""
    return scheme.startswith("near@") or scheme in ("dice", "iou")
