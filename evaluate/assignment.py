"""The best one-to-one assignment of a sparse, weighted graph: the one door to scipy's two solvers.

Pairs that touch nobody else, and stars (one item against many), need no solver;
what is left goes to scipy in one sparse call, so memory follows the number of
edges and never rows times columns. Sums of at most a few thousand rows take
milliseconds. Small tangles with whole-number weights, of any size, are solved
exactly, and of equally good assignments the one that holds the earliest edges is
taken; the worst case is a single connected component of many rows, in
which the solver's work grows like rows times edges (16,666 rows with 50,000
edges: 1.6 s; 25,000 rows with 100,000 edges, random clusters of coreference: 6 to 12 s).
``limit`` bounds that product, and what lies beyond is refused with its size instead of
hanging; twice the last example is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goldwire.annotate.problems import Problem, ProblemError

if TYPE_CHECKING:  # numpy is imported where it is used: most scores need no solver
    import numpy as np

    Table = np.ndarray[Any, np.dtype[np.float64]]

LIMIT = 5 * 10**9

SMALL = 20_000  # rows times rows times columns up to which a component is solved in whole numbers

Edge = tuple[int, int]


class TooLargeError(ProblemError):
    """An assignment that would take minutes or more; the message says how large it is."""

    def __init__(self, message: str) -> None:
        super().__init__(Problem("assignment", 0, "too-large", message))


def best(edges: Mapping[Edge, float], *, limit: float = LIMIT) -> list[Edge]:
    """Pairs (left, right) of greatest total weight, each left and each right at most once.

    Edges of weight 0 or less are never chosen. Which of several equally good
    assignments is returned depends on nothing but the edges, not on their order:
    the one with the earliest edges, where the weights are whole numbers and the
    component is small, else the solver's.
    Raises TooLargeError where a component has more than ``limit`` rows times edges.

    >>> best({(0, 0): 3, (0, 1): 2, (1, 0): 2})
    [(0, 1), (1, 0)]
    >>> best({(0, 0): 3, (0, 1): 2, (1, 1): 0})
    [(0, 0)]
    """
    ordered = sorted((edge, weight) for edge, weight in edges.items() if weight > 0)
    chosen: list[Edge] = []
    hard: list[tuple[Edge, float]] = []
    weights = dict(ordered)
    for found in components([edge for edge, _ in ordered]):
        component = [(edge, weights[edge]) for edge in found]
        lefts = len({left for (left, _), _ in component})
        rights = len({right for (_, right), _ in component})
        if min(lefts, rights) == 1:
            chosen.append(max(component, key=lambda item: item[1])[0])
            continue
        if lefts * lefts * rights <= SMALL and all(isinstance(weight, int) for _, weight in component):
            chosen += _exact([(edge, int(weight)) for edge, weight in component])
            continue
        if (work := min(lefts, rights) * len(component)) > limit:
            raise TooLargeError(
                f"the best assignment of {lefts} against {rights} over {len(component)} edges needs about "
                f"{work:.1e} steps, above the limit of {limit:.1e}; a higher `limit` computes it all the same"
            )
        hard += component
    if hard:
        chosen += _solve(hard)
    return sorted(chosen)


def dense(table: Sequence[Sequence[float]] | Table) -> list[Edge]:
    """Pairs (row, column) of greatest total over a full table, zeros included.

    Ties are settled as scipy's dense solver settles them; for profiles of programs that do the same.

    >>> dense([[0.0, 0.0], [0.0, 0.5]])
    [(0, 0), (1, 1)]
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    full = np.asarray(table, dtype=float)
    if full.ndim != 2:  # no rows at all
        return []
    rows, columns = linear_sum_assignment(-full)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def components(edges: Sequence[Edge]) -> list[list[Edge]]:
    """The edges grouped by connected component, by union-find over both sides.

    >>> components([(0, 0), (1, 1), (2, 0)])
    [[(0, 0), (2, 0)], [(1, 1)]]
    """
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    # Left items are numbered 0, 1, 2 …, right ones -1, -2, -3 …
    for left, right in edges:
        parent[root(left)] = root(~right)
    groups: dict[int, list[Edge]] = {}
    for edge in edges:
        groups.setdefault(root(edge[0]), []).append(edge)
    return list(groups.values())


def _exact(edges: list[tuple[Edge, int]]) -> list[Edge]:
    """The best assignment in whole numbers of any size (Kuhn 1955; shortest augmenting paths).

    The sorted edges get falling powers of two below their weight, so that the best assignment is unique.
    """
    lefts = sorted({left for (left, _), _ in edges})
    rights = sorted({right for (_, right), _ in edges})
    rights += [-1] * max(0, len(lefts) - len(rights))
    place = {right: j for j, right in enumerate(rights)}
    weight: list[list[int]] = [[0] * len(rights) for _ in lefts]
    row = {left: i for i, left in enumerate(lefts)}
    for rank, ((left, right), value) in enumerate(sorted(edges), start=1):
        weight[row[left]][place[right]] = (value << len(edges)) + (1 << (len(edges) - rank))
    # Potentials u, v; owner[j] is the row that holds column j. Row and column 0 stand for "nobody".
    n, m = len(lefts), len(rights)
    u, v, owner = [0] * (n + 1), [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        owner[0], j = i, 0
        slack: list[int | None] = [None] * (m + 1)
        way, done = [0] * (m + 1), [False] * (m + 1)
        while owner[j]:
            done[j] = True
            here, step, nearest = owner[j], None, 0
            for k in range(1, m + 1):
                if done[k]:
                    continue
                cost = -weight[here - 1][k - 1] - u[here] - v[k]
                known = slack[k]
                if known is None or cost < known:
                    slack[k], way[k], known = cost, j, cost
                if step is None or known < step:
                    step, nearest = known, k
            assert step is not None
            for k in range(m + 1):
                if done[k]:
                    u[owner[k]] += step
                    v[k] -= step
                elif (rest := slack[k]) is not None:
                    slack[k] = rest - step
            j = nearest
        while j:
            owner[j] = owner[way[j]]
            j = way[j]
    held = [(i, j) for j, i in enumerate(owner) if j and i and weight[i - 1][j - 1]]
    return [(lefts[i - 1], rights[j - 1]) for i, j in held]


def _solve(edges: list[tuple[Edge, float]]) -> list[Edge]:
    import numpy as np

    lefts = sorted({left for (left, _), _ in edges})
    rights = sorted({right for (_, right), _ in edges})
    row = {left: i for i, left in enumerate(lefts)}
    column = {right: i for i, right in enumerate(rights)}
    rows = np.array([row[left] for (left, _), _ in edges])
    columns = np.array([column[right] for (_, right), _ in edges])
    weights = np.array([float(weight) for _, weight in edges])
    chosen = sparse(rows, columns, weights, (len(lefts), len(rights))).tolist()
    return [edges[k][0] for k in chosen]


def sparse(
    rows: np.ndarray[Any, Any], columns: np.ndarray[Any, Any], weights: Table, shape: tuple[int, int]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Which of some edges, in arrays, are the best assignment; each row has one, and weights are > 0.

    >>> import numpy as np
    >>> sparse(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([3.0, 2.0, 2.0]), (2, 2)).tolist()
    [1, 2]
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # The solver wants every row matched and no cost of zero, so each row gets a column of its
    # own that costs as much as leaving it alone.
    top = 2 * float(weights.max())
    n, m = shape
    costs = csr_array(
        (
            np.concatenate([top - weights, np.full(n, top)]),
            (np.concatenate([rows, np.arange(n)]), np.concatenate([columns, m + np.arange(n)])),
        ),
        shape=(n, m + n),
    )
    matched = np.full(n, -1)
    left, right = min_weight_full_bipartite_matching(costs)
    matched[left] = right
    return np.flatnonzero(matched[rows] == columns)
