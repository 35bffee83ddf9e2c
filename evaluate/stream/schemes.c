/* Columns into counts of the four schemes, as tables.py counts them; sweep.py has the proof of the pairing. */

#include "compiled.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A span of one document: what it is sorted by, and its number. */
typedef struct {
    int64_t a, b, rank;
    Py_ssize_t at;
} Key;

static bool before(const Key *x, const Key *y)
{
    return x->a != y->a ? x->a < y->a : x->b != y->b ? x->b < y->b : x->rank < y->rank;
}

/* Merge sort; what is in order already, as spans mostly are, is only looked at. */
static void sort(Key *keys, Key *spare, Py_ssize_t n)
{
    if (n < 12) {
        for (Py_ssize_t i = 1; i < n; i++) {
            Key key = keys[i];
            Py_ssize_t j = i;
            for (; j > 0 && before(&key, &keys[j - 1]); j--)
                keys[j] = keys[j - 1];
            keys[j] = key;
        }
        return;
    }
    Py_ssize_t half = n / 2;
    sort(keys, spare, half);
    sort(keys + half, spare, n - half);
    if (!before(&keys[half], &keys[half - 1]))
        return;
    memcpy(spare, keys, half * sizeof *keys);
    Py_ssize_t i = 0, j = half, k = 0;
    while (i < half && j < n)
        keys[k++] = before(&keys[j], &spare[i]) ? keys[j++] : spare[i++];
    while (i < half)
        keys[k++] = spare[i++];
}

/* Heap of places in the order of ends: the least is the interval that ends first. */
typedef struct {
    Py_ssize_t *at, size;
} Heap;

static void add(Heap *heap, Py_ssize_t value)
{
    Py_ssize_t i = heap->size++;
    while (i > 0 && heap->at[(i - 1) / 2] > value) {
        heap->at[i] = heap->at[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap->at[i] = value;
}

static Py_ssize_t least(Heap *heap)
{
    Py_ssize_t first = heap->at[0], last = heap->at[--heap->size], i = 0;
    for (;;) {
        Py_ssize_t child = 2 * i + 1;
        if (child >= heap->size)
            break;
        if (child + 1 < heap->size && heap->at[child + 1] < heap->at[child])
            child++;
        if (heap->at[child] >= last)
            break;
        heap->at[i] = heap->at[child];
        i = child;
    }
    heap->at[i] = last;
    return first;
}

/* One side of a sweep: by start, by end, and where each stands by its end. */
typedef struct {
    Key *by_start, *by_end;
    Py_ssize_t n, *place;
    bool *used;
    Heap ready;
} Sweep;

/* The most pairs of overlapping spans, one to one: the sweep of sweep.py. Sides are sorted by start; a
 * span of ``by_start`` that is paired has its number in ``hit`` set. */
static void swept(Sweep sides[2], Key *spare, bool *hit[2])
{
    Py_ssize_t next_end[2] = {0, 0}, next_start[2] = {0, 0};
    if (!sides[0].n || !sides[1].n)
        return;
    for (int s = 0; s < 2; s++) {
        Sweep *side = sides + s;
        for (Py_ssize_t i = 0; i < side->n; i++) {
            Key *key = side->by_start + i;
            side->by_end[i] = (Key){key->b, key->a, key->rank, i};
            side->used[i] = false;
        }
        sort(side->by_end, spare, side->n);
        for (Py_ssize_t i = 0; i < side->n; i++)
            side->place[side->by_end[i].at] = i;
        side->ready.size = 0;
    }
    while (next_end[0] < sides[0].n || next_end[1] < sides[1].n) {
        /* Who ends first of both sides; of equals the gold one. */
        int s = next_end[0] >= sides[0].n ||
                (next_end[1] < sides[1].n &&
                 before(&sides[1].by_end[next_end[1]], &sides[0].by_end[next_end[0]]));
        Sweep *own = sides + s, *other = sides + 1 - s;
        Py_ssize_t now = next_end[s]++;
        if (own->used[now])
            continue;
        own->used[now] = true;
        int64_t end = own->by_end[now].a;
        Py_ssize_t *arrived = &next_start[1 - s];
        for (; *arrived < other->n && other->by_start[*arrived].a < end; ++*arrived)
            add(&other->ready, other->place[*arrived]);
        while (other->ready.size && other->used[other->ready.at[0]])
            least(&other->ready);
        if (other->ready.size) {
            Py_ssize_t partner = least(&other->ready);
            other->used[partner] = true;
            hit[s][own->by_start[own->by_end[now].at].at] = true;
            hit[1 - s][other->by_start[other->by_end[partner].at].at] = true;
        }
    }
}

/* ---- the four schemes ---- */

enum { STRICT, EXACT, PARTIAL, TYPE, SCHEMES };
typedef int64_t Row[4]; /* p_hit, p_all, r_hit, r_all; hits in halves */

/* What one document is counted in; made once, for the largest. */
typedef struct {
    Key *sorted[2], *kept[2], *by_end[2], *spare;
    Py_ssize_t *place[2], *heap[2], *tally[2], *touched;
    bool *hit[2], *used[2];
} Room;

static bool make_room(Room *room, Py_ssize_t n, Py_ssize_t labels)
{
    bool made = (room->spare = PyMem_Malloc((n + 1) * sizeof(Key)));
    made &= !!(room->touched = PyMem_Malloc((labels + 1) * sizeof(Py_ssize_t)));
    for (int s = 0; s < 2; s++) {
        made &= !!(room->sorted[s] = PyMem_Malloc((n + 1) * sizeof(Key)));
        made &= !!(room->kept[s] = PyMem_Malloc((n + 1) * sizeof(Key)));
        made &= !!(room->by_end[s] = PyMem_Malloc((n + 1) * sizeof(Key)));
        made &= !!(room->place[s] = PyMem_Malloc((n + 1) * sizeof(Py_ssize_t)));
        made &= !!(room->heap[s] = PyMem_Malloc((n + 1) * sizeof(Py_ssize_t)));
        made &= !!(room->tally[s] = PyMem_Calloc(labels + 1, sizeof(Py_ssize_t)));
        made &= !!(room->hit[s] = PyMem_Malloc(n + 1));
        made &= !!(room->used[s] = PyMem_Malloc(n + 1));
    }
    return made;
}

static void leave_room(Room *room)
{
    PyMem_Free(room->spare);
    PyMem_Free(room->touched);
    for (int s = 0; s < 2; s++) {
        void *held[] = {room->sorted[s], room->kept[s],  room->by_end[s], room->place[s],
                        room->heap[s],   room->tally[s], room->hit[s],    room->used[s]};
        for (size_t i = 0; i < sizeof held / sizeof *held; i++)
            PyMem_Free(held[i]);
    }
}

/* Sweep a stretch of what is kept of both sides. */
static void sweep_kept(Room *room, const Py_ssize_t from[2], const Py_ssize_t n[2])
{
    Sweep sides[2];
    for (int s = 0; s < 2; s++)
        sides[s] = (Sweep){room->kept[s] + from[s], room->by_end[s], n[s], room->place[s], room->used[s],
                           {room->heap[s], 0}};
    swept(sides, room->spare, room->hit);
}

/* Give each span that is hit what a hit is worth: column 2 is gold's, 0 that of predictions. */
static void credit(Row *table, const Room *room, const Py_ssize_t n[2], int64_t worth)
{
    for (int s = 0; s < 2; s++)
        for (Py_ssize_t i = 0; i < n[s]; i++)
            if (room->hit[s][i])
                table[room->sorted[s][i].rank][s ? 0 : 2] += worth;
}

static void forget_hits(Room *room, const Py_ssize_t n[2])
{
    for (int s = 0; s < 2; s++)
        memset(room->hit[s], 0, n[s] * sizeof *room->hit[s]);
}

static void hit_equals(Room *room, const Py_ssize_t n[2])
{
    const Key *gold = room->sorted[0], *pred = room->sorted[1];
    for (Py_ssize_t i = 0, j = 0; i < n[0] && j < n[1];) {
        if (before(gold + i, pred + j))
            i++;
        else if (before(pred + j, gold + i))
            j++;
        else
            room->hit[0][i++] = room->hit[1][j++] = true;
    }
}

/* Of what is not hit, as many of equal bounds as both sides have; labels that come first by name go first. */
static void hit_equal_bounds(Room *room, const Py_ssize_t n[2])
{
    const Key *gold = room->sorted[0], *pred = room->sorted[1];
    for (Py_ssize_t i = 0, j = 0; i < n[0] && j < n[1];) {
        const Key *g = gold + i, *p = pred + j;
        if (room->hit[0][i] || g->a < p->a || (g->a == p->a && g->b < p->b))
            i++;
        else if (room->hit[1][j] || g->a != p->a || g->b != p->b)
            j++;
        else
            room->hit[0][i++] = room->hit[1][j++] = true;
    }
}

static void hit_overlaps(Room *room, const Py_ssize_t n[2])
{
    Py_ssize_t left[2] = {0, 0}, from[2] = {0, 0};
    for (int s = 0; s < 2; s++)
        for (Py_ssize_t i = 0; i < n[s]; i++)
            if (!room->hit[s][i]) {
                Key *key = room->kept[s] + left[s]++;
                *key = room->sorted[s][i];
                key->at = i;
            }
    sweep_kept(room, from, left);
}

/* Overlaps under one label: the spans of each label are laid together, in their order. */
static void hit_overlaps_by_label(Room *room, const Py_ssize_t n[2])
{
    Py_ssize_t labels = 0, from[2] = {0, 0};
    for (int s = 0; s < 2; s++)
        for (Py_ssize_t i = 0; i < n[s]; i++) {
            int64_t rank = room->sorted[s][i].rank;
            if (!room->tally[0][rank] && !room->tally[1][rank])
                room->touched[labels++] = rank;
            room->tally[s][rank]++;
        }
    for (int s = 0; s < 2; s++) {
        Py_ssize_t sum = 0;
        for (Py_ssize_t k = 0; k < labels; k++) {
            Py_ssize_t *tally = room->tally[s] + room->touched[k], number = *tally;
            *tally = sum; /* where its spans go */
            sum += number;
        }
        for (Py_ssize_t i = 0; i < n[s]; i++) {
            Key *key = room->kept[s] + room->tally[s][room->sorted[s][i].rank]++;
            *key = room->sorted[s][i];
            key->at = i;
        }
    }
    for (Py_ssize_t k = 0; k < labels; k++) {
        Py_ssize_t *tally[2] = {room->tally[0] + room->touched[k], room->tally[1] + room->touched[k]};
        Py_ssize_t each[2] = {*tally[0] - from[0], *tally[1] - from[1]};
        sweep_kept(room, from, each);
        for (int s = 0; s < 2; s++) {
            from[s] = *tally[s];
            *tally[s] = 0;
        }
    }
}

/* Count one document, whose spans are in room->sorted, by start, end and rank. */
static void document(Room *room, const Py_ssize_t n[2], Row *tables[SCHEMES])
{
    forget_hits(room, n);
    hit_equals(room, n);
    if (tables[STRICT])
        credit(tables[STRICT], room, n, 2);
    if (tables[EXACT] || tables[PARTIAL]) {
        hit_equal_bounds(room, n);
        if (tables[EXACT])
            credit(tables[EXACT], room, n, 2);
    }
    if (tables[PARTIAL]) {
        credit(tables[PARTIAL], room, n, 1); /* of the two halves of an equal the one, and below the other */
        hit_overlaps(room, n);
        credit(tables[PARTIAL], room, n, 1);
    }
    if (tables[TYPE]) {
        forget_hits(room, n);
        hit_overlaps_by_label(room, n);
        credit(tables[TYPE], room, n, 2);
    }
}

/* Every bit spread over all (splitmix64, Steele et al. 2014), as tables.checksum does. */
static uint64_t mixed(uint64_t x)
{
    x += 0x9E3779B97F4A7C15u;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
    x = (x ^ x >> 27) * 0x94D049BB133111EBu;
    return x ^ x >> 31;
}

enum { COUNTS, START, END, LABEL, COLUMNS };
#define FARTHEST ((int64_t)1 << 62) /* as in columns.py */
#define I64(buffer) ((const int64_t *)(buffer).buf)
#define ROWS(buffer) ((buffer).len / (Py_ssize_t)sizeof(int64_t))

/* Whether the columns of a side agree in their lengths and hold labels that there are. */
static bool sound(const Py_buffer column[COLUMNS], Py_ssize_t documents, Py_ssize_t labels)
{
    Py_ssize_t spans = ROWS(column[START]), sum = 0;
    if (ROWS(column[COUNTS]) != documents || ROWS(column[END]) != spans || ROWS(column[LABEL]) != spans)
        return false;
    for (Py_ssize_t i = 0; i < documents; i++) {
        int64_t number = I64(column[COUNTS])[i];
        if (number < 0 || number > spans - sum)
            return false;
        sum += number;
    }
    for (Py_ssize_t i = 0; i < spans; i++)
        if (I64(column[LABEL])[i] < 0 || I64(column[LABEL])[i] >= labels)
            return false;
    return sum == spans;
}

/* The first span that is empty or does not lie in its text, -1 where there is none. */
static Py_ssize_t outside(const Py_buffer column[COLUMNS], const Py_buffer *lengths)
{
    Py_ssize_t at = 0;
    for (Py_ssize_t d = 0; d < ROWS(*lengths); d++) {
        int64_t length = I64(*lengths)[d];
        for (Py_ssize_t last = at + I64(column[COUNTS])[d]; at < last; at++) {
            int64_t start = I64(column[START])[at], end = I64(column[END])[at];
            if (start < 0 || start >= end || end > (length >= 0 ? length : FARTHEST))
                return at;
        }
    }
    return -1;
}

const char count_doc[] =
    "count(gold, pred, lengths, ranks, sums, wanted)\n--\n\n"
    "Count documents. A side is four columns of int64: numbers of spans, starts, ends, codes of labels;\n"
    "lengths are those of texts, -1 where unknown; ranks and sums (of names) go by code; wanted is a bit a scheme.\n\n"
    "Returns (tables of int64 by scheme, rank and p_hit, p_all, r_hit, r_all; checksum of gold; -1, -1), or\n"
    "(None, 0, side, span) for a span that is empty or out of its text. Raises ValueError for columns that disagree.";

PyObject *count(PyObject *module, PyObject *args)
{
    Py_buffer column[2][COLUMNS], lengths, ranks, sums;
    int wanted;
    if (!PyArg_ParseTuple(args, "(y*y*y*y*)(y*y*y*y*)y*y*y*i", &column[0][0], &column[0][1], &column[0][2],
                          &column[0][3], &column[1][0], &column[1][1], &column[1][2], &column[1][3], &lengths,
                          &ranks, &sums, &wanted))
        return NULL;
    PyObject *result = NULL, *made = NULL;
    Room room = {0};
    Py_ssize_t documents = ROWS(lengths), labels = ROWS(ranks), most = 0;
    bool agree = ROWS(sums) == labels;
    for (Py_ssize_t i = 0; i < labels; i++)
        agree &= I64(ranks)[i] >= 0 && I64(ranks)[i] < labels;
    for (int s = 0; s < 2; s++)
        agree = agree && sound(column[s], documents, labels);
    if (!agree) {
        PyErr_SetString(PyExc_ValueError, "columns that disagree in their lengths or labels");
        goto leave;
    }
    for (int s = 0; s < 2; s++) {
        Py_ssize_t wrong = outside(column[s], &lengths);
        if (wrong >= 0) {
            result = Py_BuildValue("(Oiin)", Py_None, 0, s, wrong);
            goto leave;
        }
        for (Py_ssize_t d = 0; d < documents; d++)
            if (I64(column[s][COUNTS])[d] > most)
                most = I64(column[s][COUNTS])[d];
    }
    made = PyBytes_FromStringAndSize(NULL, SCHEMES * labels * (Py_ssize_t)sizeof(Row));
    if (!made || !make_room(&room, most > labels ? most : labels, labels)) {
        PyErr_NoMemory();
        goto leave;
    }
    Row *rows = (Row *)PyBytes_AS_STRING(made), *tables[SCHEMES];
    uint64_t digest = 0;
    Py_BEGIN_ALLOW_THREADS
    memset(rows, 0, SCHEMES * labels * sizeof(Row));
    for (int k = 0; k < SCHEMES; k++)
        tables[k] = wanted >> k & 1 ? rows + k * labels : NULL;
    Py_ssize_t at[2] = {0, 0};
    for (Py_ssize_t d = 0; d < documents; d++) {
        Py_ssize_t n[2];
        uint64_t sum = 0;
        for (int s = 0; s < 2; s++) {
            n[s] = I64(column[s][COUNTS])[d];
            for (Py_ssize_t i = 0; i < n[s]; i++) {
                Py_ssize_t x = at[s] + i;
                int64_t start = I64(column[s][START])[x], end = I64(column[s][END])[x];
                int64_t code = I64(column[s][LABEL])[x], rank = I64(ranks)[code];
                room.sorted[s][i] = (Key){start, end, rank, i};
                for (int k = 0; k < SCHEMES; k++)
                    if (tables[k])
                        tables[k][rank][s ? 1 : 3]++;
                if (!s)
                    sum += mixed(mixed((uint64_t)start) ^ (uint64_t)(end - start) << 32 ^
                                 (uint64_t)I64(sums)[code]);
            }
            sort(room.sorted[s], room.spare, n[s]);
            at[s] += n[s];
        }
        digest += mixed(sum);
        document(&room, n, tables);
    }
    Py_END_ALLOW_THREADS
    result = Py_BuildValue("(OKii)", made, (unsigned long long)digest, -1, -1);
leave:
    leave_room(&room);
    Py_XDECREF(made);
    for (int s = 0; s < 2; s++)
        for (int k = 0; k < COLUMNS; k++)
            PyBuffer_Release(&column[s][k]);
    PyBuffer_Release(&lengths);
    PyBuffer_Release(&ranks);
    PyBuffer_Release(&sums);
    return result;
}
