/* The two inner loops of the fast path: lines of records into columns, columns into counts.
 *
 * scan() reads lines that hold nothing out of the ordinary, and stops before any other: the reader
 * in records.py reads that one, or says what is wrong with it. So whatever is accepted here must be
 * JSON in which msgspec finds the same, and nothing has to be accepted.
 *
 * count() counts the four schemes as tables.py does; sweep.py has the proof of its pairing.
 *
 * Without a compiler goldwire installs without this module, and the two in Python do the work.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ---- columns that grow ---- */

typedef struct {
    int64_t *at;
    Py_ssize_t size, room;
} Column;

static bool push(Column *column, int64_t value)
{
    if (column->size == column->room) {
        Py_ssize_t room = column->room ? 2 * column->room : 1024;
        int64_t *at = PyMem_Realloc(column->at, room * sizeof *at);
        if (!at) {
            PyErr_NoMemory();
            return false;
        }
        column->at = at;
        column->room = room;
    }
    column->at[column->size++] = value;
    return true;
}

static PyObject *taken(Column *column)
{
    return PyBytes_FromStringAndSize((const char *)column->at, column->size * (Py_ssize_t)sizeof(int64_t));
}

/* ---- labels and their numbers ---- */

typedef struct {
    const unsigned char *name;
    Py_ssize_t size;
    int64_t code;
} Label;

typedef struct {
    Label *slot;
    size_t room, used;
} Labels;

static size_t hashed(const unsigned char *name, Py_ssize_t size)
{
    uint64_t h = 1469598103934665603u;
    for (Py_ssize_t i = 0; i < size; i++)
        h = (h ^ name[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 29);
}

static Label *found(const Labels *labels, const unsigned char *name, Py_ssize_t size)
{
    size_t i = hashed(name, size) & (labels->room - 1);
    for (;; i = (i + 1) & (labels->room - 1)) {
        Label *slot = labels->slot + i;
        if (!slot->name || (slot->size == size && !memcmp(slot->name, name, size)))
            return slot;
    }
}

/* The number of a label, asked of the dictionary once a call; -1 with an exception set. */
static int64_t code_of(Labels *labels, const unsigned char *name, Py_ssize_t size, PyObject *codes)
{
    if (2 * labels->used >= labels->room) {
        Labels wider = {NULL, labels->room ? 4 * labels->room : 64, labels->used};
        wider.slot = PyMem_Calloc(wider.room, sizeof *wider.slot);
        if (!wider.slot) {
            PyErr_NoMemory();
            return -1;
        }
        for (size_t i = 0; i < labels->room; i++)
            if (labels->slot[i].name)
                *found(&wider, labels->slot[i].name, labels->slot[i].size) = labels->slot[i];
        PyMem_Free(labels->slot);
        *labels = wider;
    }
    Label *slot = found(labels, name, size);
    if (!slot->name) {
        PyObject *key = PyUnicode_DecodeUTF8((const char *)name, size, NULL);
        PyObject *code = key ? PyObject_GetItem(codes, key) : NULL;
        Py_XDECREF(key);
        if (!code)
            return -1;
        int64_t number = PyLong_AsLongLong(code);
        Py_DECREF(code);
        if (number == -1 && PyErr_Occurred())
            return -1;
        *slot = (Label){name, size, number};
        labels->used++;
    }
    return slot->code;
}

/* ---- JSON ---- */

/* Every reader takes the place where a value begins and returns the place behind it, or NULL where the
 * line is not plain. No reader goes beyond `end`, which is the end of the line. */
typedef const unsigned char *Place;

static Place blank(Place p, Place end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

typedef struct {
    Place at;
    Py_ssize_t size;   /* in bytes, as it stands */
    Py_ssize_t points; /* code points of what it says */
    bool escaped;
} String;

static int digit16(unsigned char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Four hexadecimal digits, -1 where there are none. */
static int unit16(Place p, Place end)
{
    int value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = digit16(p[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* The bytes of one code point beyond ASCII, 0 where it is not well formed (Unicode, table 3-7). */
static int wide(Place p, Place end)
{
    unsigned char a = p[0];
    Py_ssize_t left = end - p;
    if (a >= 0xC2 && a <= 0xDF)
        return left >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (a >= 0xE0 && a <= 0xEF) {
        if (left < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
            return 0;
        return (a == 0xE0 && p[1] < 0xA0) || (a == 0xED && p[1] > 0x9F) ? 0 : 3;
    }
    if (a >= 0xF0 && a <= 0xF4) {
        if (left < 4 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80)
            return 0;
        return (a == 0xF0 && p[1] < 0x90) || (a == 0xF4 && p[1] > 0x8F) ? 0 : 4;
    }
    return 0;
}

/* How many of eight bytes, from the first on, are ASCII other than a quotation mark, a backslash and what
 * has to be escaped. */
static int simple(Place p)
{
    const uint64_t one = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t w, quote, slash, other;
    memcpy(&w, p, 8);
    quote = w ^ one * '"';
    slash = w ^ one * '\\';
    other = (w | (w - one * 0x20) | (quote - one) | (slash - one)) & high;
    if (!other)
        return 8;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    /* A borrow spoils only bytes behind the one that made it, so the first that is marked is right. */
    return __builtin_ctzll(other) / 8;
#else
    return 0; /* and byte by byte */
#endif
}

static Place string(Place p, Place end, String *out)
{
    if (p >= end || *p != '"')
        return NULL;
    *out = (String){++p, 0, 0, false};
    while (p < end) {
        for (int n = 8; n == 8 && end - p >= 8; p += n, out->points += n)
            n = simple(p);
        if (p >= end)
            return NULL;
        unsigned char c = *p;
        if (c == '"') {
            out->size = p - out->at;
            return p + 1;
        }
        if (c < 0x20)
            return NULL;
        out->points++;
        if (c >= 0x80) {
            int bytes = wide(p, end);
            if (!bytes)
                return NULL;
            p += bytes;
        } else if (c != '\\') {
            p++;
        } else {
            out->escaped = true;
            if (end - p < 2)
                return NULL;
            if (p[1] != 'u') {
                if (!strchr("\"\\/bfnrt", p[1]) || !p[1])
                    return NULL;
                p += 2;
                continue;
            }
            int first = unit16(p + 2, end);
            p += 6;
            if (first < 0 || (first >= 0xDC00 && first <= 0xDFFF))
                return NULL;
            if (first >= 0xD800 && first <= 0xDBFF) {
                if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
                    return NULL;
                int second = unit16(p + 2, end);
                if (second < 0xDC00 || second > 0xDFFF)
                    return NULL;
                p += 6;
            }
        }
    }
    return NULL;
}

static bool says(const String *s, const char *word)
{
    return !s->escaped && s->size == (Py_ssize_t)strlen(word) && !memcmp(s->at, word, s->size);
}

static Place word(Place p, Place end, const char *expected)
{
    Py_ssize_t size = (Py_ssize_t)strlen(expected);
    return end - p >= size && !memcmp(p, expected, size) ? p + size : NULL;
}

static Place digits(Place p, Place end)
{
    Place first = p;
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p > first ? p : NULL;
}

/* The digits of a whole number, without a sign and without leading zeros. */
static Place whole(Place p, Place end)
{
    Place after = digits(p, end);
    return after && *p == '0' && after > p + 1 ? NULL : after;
}

static Place number(Place p, Place end)
{
    if (p < end && *p == '-')
        p++;
    if (!(p = whole(p, end)))
        return NULL;
    if (p < end && *p == '.' && !(p = digits(p + 1, end)))
        return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        p = digits(p, end);
    }
    return p;
}

/* A whole number of at most 18 digits, followed by what may follow a value. */
static Place integer(Place p, Place end, int64_t *out)
{
    bool negative = p < end && *p == '-';
    Place first = p + negative, after = whole(first, end);
    if (!after || after - first > 18 || (negative && *first == '0'))
        return NULL;
    if (after < end && (*after == '.' || *after == 'e' || *after == 'E'))
        return NULL;
    int64_t value = 0;
    for (p = first; p < after; p++)
        value = 10 * value + (*p - '0');
    *out = negative ? -value : value;
    return after;
}

#define DEEPEST 64

/* Behind an item of a list or an object: its comma, or the bracket that closes it (*done). */
static Place next(Place p, Place end, unsigned char close, bool *done)
{
    p = blank(p, end);
    if (p >= end || (*p != ',' && *p != close))
        return NULL;
    *done = *p == close;
    return *done ? p + 1 : blank(p + 1, end);
}

/* The key of an object's next item, and the place of its value. */
static Place keyed(Place p, Place end, String *key)
{
    if (!(p = string(p, end, key)) || key->escaped)
        return NULL;
    p = blank(p, end);
    return p < end && *p == ':' ? blank(p + 1, end) : NULL;
}

/* Past the bracket that opens a list or an object; *done where it closes at once. */
static Place opened(Place p, Place end, unsigned char open, unsigned char close, bool *done)
{
    if (p >= end || *p != open)
        return NULL;
    p = blank(p + 1, end);
    *done = p < end && *p == close;
    return *done ? p + 1 : p;
}

/* Past any value, which is looked at whole. */
static Place passed(Place p, Place end, int depth)
{
    String s;
    bool done;
    if (p >= end || depth > DEEPEST)
        return NULL;
    switch (*p) {
    case '"':
        return string(p, end, &s);
    case 't':
        return word(p, end, "true");
    case 'f':
        return word(p, end, "false");
    case 'n':
        return word(p, end, "null");
    case '[':
        for (p = opened(p, end, '[', ']', &done); p && !done; p = next(p, end, ']', &done))
            if (!(p = passed(p, end, depth + 1)))
                return NULL;
        return p;
    case '{':
        for (p = opened(p, end, '{', '}', &done); p && !done; p = next(p, end, '}', &done)) {
            if (!(p = string(p, end, &s)))
                return NULL;
            p = blank(p, end);
            if (p >= end || *p != ':' || !(p = passed(blank(p + 1, end), end, depth + 1)))
                return NULL;
        }
        return p;
    default:
        return number(p, end);
    }
}

/* ---- a record ---- */

typedef struct {
    Column start, end, label, counts, lengths, lines;
    PyObject *keys, *texts;
    Labels labels;
} Rows;

/* One span; false in *failed where an exception is set. */
static Place span(Place p, Place end, Rows *rows, PyObject *codes, bool *failed)
{
    enum { START = 1, END = 2, LABEL = 4, CONT = 8 };
    int seen = 0;
    int64_t start = 0, stop = 0;
    String key, value, label = {0};
    bool done;
    for (p = opened(p, end, '{', '}', &done); p && !done; p = next(p, end, '}', &done)) {
        int field = 0;
        if (!(p = keyed(p, end, &key)))
            return NULL;
        if (says(&key, "start")) {
            field = START;
            p = integer(p, end, &start);
        } else if (says(&key, "end")) {
            field = END;
            p = integer(p, end, &stop);
        } else if (says(&key, "label")) {
            field = LABEL;
            p = string(p, end, &label);
            if (label.escaped)
                return NULL;
        } else if (says(&key, "cont")) {
            field = CONT;
            if (p < end && *p == '"') {
                p = string(p, end, &value);
                if (value.size)
                    return NULL; /* a span in several pieces */
            } else {
                p = word(p, end, "null");
            }
        } else {
            p = passed(p, end, 2);
        }
        if (!p || seen & field)
            return NULL;
        seen |= field;
    }
    if (!p || (seen & (START | END | LABEL)) != (START | END | LABEL))
        return NULL;
    int64_t code = code_of(&rows->labels, label.at, label.size, codes);
    *failed = code < 0 || !push(&rows->start, start) || !push(&rows->end, stop) || !push(&rows->label, code);
    return *failed ? NULL : p;
}

/* doc_id or id, as the text of a name; ``out`` is empty where there is neither. */
static Place meta(Place p, Place end, String *out)
{
    String key, doc_id = {0}, id = {0};
    int seen = 0;
    bool done;
    for (p = opened(p, end, '{', '}', &done); p && !done; p = next(p, end, '}', &done)) {
        int field = 0;
        if (!(p = keyed(p, end, &key)))
            return NULL;
        if (says(&key, "doc_id")) {
            field = 1;
            p = string(p, end, &doc_id);
        } else if (says(&key, "id")) {
            field = 2;
            if (p < end && *p == '"') {
                p = string(p, end, &id);
            } else {
                int64_t unused;
                id.at = p;
                p = integer(p, end, &unused);
                id.size = p ? p - id.at : 0;
            }
        } else {
            p = passed(p, end, 2);
        }
        if (!p || seen & field || doc_id.escaped || id.escaped)
            return NULL;
        seen |= field;
    }
    *out = doc_id.size ? doc_id : id;
    return p;
}

static bool begins_key(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Past a list of tokens without looking into it, as records.without_tokens does and proves: to the first
 * bracket behind which another key begins. NULL where that is not certain. */
static Place past_tokens(Place p, Place end)
{
    if (p >= end || *p != '[')
        return NULL;
    while (p < end && (p = memchr(p, ']', end - p))) {
        Place after = blank(p + 1, end);
        if (after < end && *after == ',') {
            after = blank(after + 1, end);
            if (end - after >= 2 && *after == '"' && begins_key(after[1]))
                return p + 1;
        }
        if (p + 1 < end && p[1] != '"' && strchr(",]} \r\n\t", p[1]))
            return NULL;
        p++;
    }
    return NULL;
}

/* Keys under which a record holds more than spans: their values have to be empty. */
static bool more_than_spans(const String *key)
{
    static const char *const names[] = {"events",  "actors",    "places",      "times",     "numbers",
                                        "quotations", "terms",  "masks",       "ambiguities", "relations",
                                        "versions", "goldwire", "doc",         "unanchored"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (says(key, names[i]))
            return true;
    return false;
}

static Place nothing(Place p, Place end)
{
    static const char *const empty[] = {"[]", "{}", "null", "\"\""};
    for (size_t i = 0; i < 4; i++)
        if (word(p, end, empty[i]))
            return p + strlen(empty[i]);
    return NULL;
}

typedef enum { PLAIN, EMPTY, OTHER, FAILED } Kind;

/* One line into the columns, which are left as they were unless it is PLAIN. */
static Kind record(Place p, Place end, Rows *rows, PyObject *codes)
{
    enum { TEXT = 1, META = 2, SPANS = 4, TOKENS = 8 };
    const Py_ssize_t before = rows->start.size;
    int seen = 0;
    String key, text = {0}, name = {0};
    bool done, failed = false;
    p = blank(p, end);
    if (p == end)
        return EMPTY;
    for (p = opened(p, end, '{', '}', &done); p && !done; p = next(p, end, '}', &done)) {
        int field = 0;
        if (!(p = keyed(p, end, &key)))
            break;
        if (says(&key, "tokens")) {
            field = TOKENS;
            Place after = past_tokens(p, end);
            p = after ? after : passed(p, end, 1);
        } else if (says(&key, "text")) {
            field = TEXT;
            p = string(p, end, &text);
        } else if (says(&key, "meta")) {
            field = META;
            p = meta(p, end, &name);
        } else if (says(&key, "spans")) {
            bool last;
            field = SPANS;
            for (p = opened(p, end, '[', ']', &last); p && !last; p = next(p, end, ']', &last))
                if (!(p = span(p, end, rows, codes, &failed)))
                    break;
        } else if (more_than_spans(&key)) {
            p = nothing(p, end);
        } else {
            p = passed(p, end, 1);
        }
        if (!p || seen & field) {
            p = NULL;
            break;
        }
        seen |= field;
    }
    if (p && blank(p, end) == end) {
        PyObject *said = NULL, *called = PyUnicode_DecodeUTF8((const char *)name.at, name.size, NULL);
        if (seen & TEXT)
            said = PyBytes_FromStringAndSize((const char *)text.at, text.size);
        else
            said = Py_NewRef(Py_None);
        failed = !called || !said || PyList_Append(rows->keys, called) || PyList_Append(rows->texts, said) ||
                 !push(&rows->lengths, seen & TEXT ? text.points : -1) ||
                 !push(&rows->counts, rows->start.size - before);
        Py_XDECREF(said);
        Py_XDECREF(called);
        if (!failed)
            return PLAIN;
    }
    rows->start.size = rows->end.size = rows->label.size = before;
    return failed ? FAILED : OTHER;
}

PyDoc_STRVAR(scan_doc,
"scan(block, at, line, documents, spans, codes, final)\n--\n\n"
"Lines of a block from a place on, until so many documents or spans are read or a line is not plain.\n\n"
"Returns (place, number of the line there, whether that line is not plain, keys, texts as they stand in the\n"
"JSON or None, and as columns of int64: lines, lengths of texts, numbers of spans, starts, ends, codes).\n"
"An unfinished line at the end of the block is left, unless the block is the final one.");

static PyObject *scan(PyObject *module, PyObject *args)
{
    Py_buffer block;
    Py_ssize_t at, documents, spans;
    PyObject *codes, *result = NULL;
    long long line;
    int final;
    if (!PyArg_ParseTuple(args, "y*nLnnOp", &block, &at, &line, &documents, &spans, &codes, &final))
        return NULL;
    if (at < 0 || at > block.len) {
        PyBuffer_Release(&block);
        PyErr_SetString(PyExc_ValueError, "no place in the block");
        return NULL;
    }
    Rows rows = {0};
    rows.keys = PyList_New(0);
    rows.texts = PyList_New(0);
    Place begin = block.buf, end = begin + block.len, p = begin + at;
    Kind kind = rows.keys && rows.texts ? PLAIN : FAILED;
    while (kind < OTHER && p < end && rows.counts.size < documents && rows.start.size < spans) {
        Place stop = memchr(p, '\n', end - p);
        if (!stop && !final)
            break;
        Place after = stop ? stop + 1 : end;
        kind = record(p, after, &rows, codes);
        if (kind == PLAIN && !push(&rows.lines, line))
            kind = FAILED;
        if (kind < OTHER) {
            line++;
            p = after;
        }
    }
    if (kind != FAILED)
        result = Py_BuildValue("(nLOOONNNNNN)", (Py_ssize_t)(p - begin), line,
                               kind == OTHER ? Py_True : Py_False, rows.keys, rows.texts, taken(&rows.lines),
                               taken(&rows.lengths), taken(&rows.counts), taken(&rows.start),
                               taken(&rows.end), taken(&rows.label));
    Column *columns[] = {&rows.lengths, &rows.counts, &rows.lines, &rows.start, &rows.end, &rows.label};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        PyMem_Free(columns[i]->at);
    PyMem_Free(rows.labels.slot);
    Py_XDECREF(rows.keys);
    Py_XDECREF(rows.texts);
    PyBuffer_Release(&block);
    return result;
}

/* ---- counting ---- */

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
            if (start < 0 || start >= end || (length >= 0 && end > length))
                return at;
        }
    }
    return -1;
}

PyDoc_STRVAR(count_doc,
"count(gold, pred, lengths, ranks, sums, wanted)\n--\n\n"
"Count documents. A side is four columns of int64: numbers of spans, starts, ends, codes of labels;\n"
"lengths are those of texts, -1 where unknown; ranks and sums (of names) go by code; wanted is a bit a scheme.\n\n"
"Returns (tables of int64 by scheme, rank and p_hit, p_all, r_hit, r_all; checksum of gold; -1, -1), or\n"
"(None, 0, side, span) for a span that is empty or out of its text. Raises ValueError for columns that disagree.");

static PyObject *count(PyObject *module, PyObject *args)
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

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, scan_doc},
    {"count", count, METH_VARARGS, count_doc},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "compiled", "Lines of records into columns, columns into counts.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_compiled(void)
{
    return PyModuleDef_Init(&definition);
}
