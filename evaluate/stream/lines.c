/* Lines of records into columns.
 *
 * Read are lines that hold nothing out of the ordinary; scan() stops before any other, and the reader
 * in records.py reads that one, or says what is wrong with it. So whatever is accepted here must be
 * JSON in which msgspec finds the same, and nothing has to be accepted.
 */

#include "compiled.h"

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

const char scan_doc[] =
    "scan(block, at, line, documents, spans, codes, final)\n--\n\n"
    "Lines of a block from a place on, until so many documents or spans are read or a line is not plain.\n\n"
    "Returns (place, number of the line there, whether that line is not plain, keys, texts as they stand in the\n"
    "JSON or None, and as columns of int64: lines, lengths of texts, numbers of spans, starts, ends, codes).\n"
    "An unfinished line at the end of the block is left, unless the block is the final one.";

PyObject *scan(PyObject *module, PyObject *args)
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
