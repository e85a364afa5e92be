/*
 * Takes the lines of a log apart, and numbers what repeats in them, for coded.py. Where it was not compiled, footfall does without.
 *
 * No rule and no format is known here. Python says how plain lines are written, as a table of steps, and reads every other
 * line itself. What it asks about lines, it asks once of each distinct text.
 *
 *   Shape(ways, width)        how plain lines are written: one of these ways, each a list of steps, see steps.py; a line has
 *                             `width` pieces
 *   shape.split(block)        Lines: its rows, one for each line that is not empty, in their order
 *   lines.count               how many lines there were
 *   lines.odd()               [(row, line's number from 0, line)] of those that are not plain; they are not records ...
 *   lines.put(row, pieces)    ... until they are given pieces, each bytes or None; or None makes of a record none
 *   lines.line(row)           (row, line's number, line)
 *   lines.records()           the rows that are records
 *   lines.starts(rows)        at which bytes of the block their lines begin
 *   lines.places(rows)        which lines of the block they are, from 0
 *   lines.pieces(rows, slots) of each row its piece, or the tuple of its pieces
 *   lines.bounds(rows, slot, codes, code)   the least and the greatest piece of the rows whose code this is; None without any
 *   Table(slots, seed)        numbers the distinct tuples of these pieces, from 0
 *   table.codes(lines, rows)  the numbers of these rows
 *   table.tokens(first)       what has the numbers from `first` on, as lines.pieces gives it
 *   table.size                how many bytes it takes
 *   pick(values, codes)       [values[code] for code in codes]
 *   distinct(codes)           each code once
 *   compress(rows, flags)     the rows, or codes, whose flag is not 0
 *   recode(codes, numbers)    of each code its number
 *   flag(codes, flags)        of each code its flag
 *   combine(columns, seed)    of columns of codes, row by row: (numbers of the distinct rows, where each is first, how often it is)
 *   interleave(columns, rows) the values of these rows one after the other, of columns that are lists, or (values, codes)
 *
 * Rows, codes and numbers travel as bytes, 32 bits each; flags are a byte each.
 */
#ifndef WITHOUT_PYTHON /* fuzz/ has the first half alone */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#endif
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST_PIECES 128
#define ABSENT UINT32_MAX

typedef struct { char *at; size_t used, room; } Buffer;     /* grows */
typedef struct { uint32_t at, length; } Span;               /* of the block, or behind it, of what put() added */
typedef struct { uint32_t number, is_record; Span line; } Head;   /* of a row, before its pieces */

enum { LITERAL, AHEAD, NOT_BEFORE, NOT_AFTER, LACKS, RUN, CLOCK, SAME, EMPTY, BACK, END, KINDS };
enum { ANY = -1, NONE = -2 };
enum { WITH_BEFORE = 1, WITH_AFTER = 2, OR_DASH = 4, MADE_OF = 8, AND_SKIP = 16 };
typedef struct {
    int kind, flags, slot, until;       /* until: the only byte that ends a run; ANY or NONE where several do, or none */
    uint32_t least, most, length;
    const char *text;
    uint8_t set[256];                   /* whether a byte is in a run; whether it is in the text, of other steps */
} Step;
typedef struct { Step *steps; size_t *ways; size_t number_of_ways; char *texts; uint32_t width; } Shape;

typedef struct { const char *block; size_t length, number, odd; uint32_t width; Buffer rows, added; } Lines;

typedef struct { uint64_t hash; size_t at; } Entry;
typedef struct {
    uint32_t slots[MOST_PIECES], width;
    uint64_t seed, secret;
    Buffer entries, texts;              /* a text: of each piece its length, in 32 bits, and its bytes */
    uint32_t *places;                   /* a hash table of code + 1, at most half full */
    size_t mask;
} Table;

/* ---- memory ---- */

static int reserve(Buffer *buffer, size_t more)
{
    if (buffer->at && buffer->room - buffer->used >= more) return 1;
    if (buffer->room > SIZE_MAX / 4 || more > SIZE_MAX / 4) return 0;
    size_t room = buffer->room * 2 + more + 256;
    char *at = realloc(buffer->at, room);
    if (!at) return 0;
    buffer->at = at;
    buffer->room = room;
    return 1;
}

static int append(Buffer *buffer, const void *what, size_t length)
{
    if (!reserve(buffer, length)) return 0;
    if (length) memcpy(buffer->at + buffer->used, what, length);
    buffer->used += length;
    return 1;
}

static size_t stride(uint32_t width) { return sizeof(Head) + width * sizeof(Span); }
static size_t number_of_rows(const Lines *lines) { return lines->rows.used / stride(lines->width); }
static Head *head_of(const Lines *lines, size_t row) { return (Head *)(lines->rows.at + row * stride(lines->width)); }
static Span *spans_of(const Lines *lines, size_t row) { return (Span *)(head_of(lines, row) + 1); }

static const char *text_at(const Lines *lines, Span span)
{
    if (span.length == ABSENT) return "";
    return span.at <= lines->length ? lines->block + span.at : lines->added.at + (span.at - lines->length - 1);
}

/* ---- one line ---- */

/* Works out what a step needs to know beside what it was given; 0 where there is no such step. */
static int complete(Step *step, uint32_t width)
{
    int is_run = step->kind == RUN, is_negative = is_run && !(step->flags & MADE_OF);
    int needs_text = step->kind == LITERAL || step->kind == AHEAD || step->kind == SAME;
    int needs_piece = step->kind == SAME || step->kind == EMPTY;
    if (step->kind < 0 || step->kind >= KINDS || step->slot < -1 || step->slot >= (int)width) return 0;
    if ((needs_text && !step->length) || (needs_piece && step->slot < 0)) return 0;
    step->until = is_negative && !step->length ? NONE : ANY;
    if (step->kind == SAME) step->until = (uint8_t)step->text[--step->length]; /* the last byte is what has to follow */
    memset(step->set, is_negative, sizeof step->set);
    for (uint32_t each = 0; each < step->length; each++) step->set[(uint8_t)step->text[each]] = !is_negative;
    if (is_negative && step->length == 1) step->until = (uint8_t)step->text[0];
    return 1;
}

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static uint64_t eight(const char *at) { uint64_t word; memcpy(&word, at, 8); return word; }
static uint64_t four(const char *at) { uint32_t word; memcpy(&word, at, 4); return word; }

/* Where a byte is, or the end. Most pieces are short, and memchr takes longer to begin. */
static const char *find(const char *at, const char *end, int byte)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t ones = 0x0101010101010101ULL, wanted = ones * (uint8_t)byte;
    for (int word = 0; word < 3 && end - at >= 8; word++, at += 8) {
        uint64_t left = eight(at) ^ wanted, found = (left - ones) & ~left & (ones << 7);
        if (found) return at + (__builtin_ctzll(found) >> 3);
    }
#endif
    const char *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;
    return found ? found : end;
}

static const char *end_of_run(const Step *step, const char *at, const char *end)
{
    if ((step->flags & OR_DASH) && at < end && *at == '-') return at + 1;
    if ((size_t)(end - at) > step->most) end = at + step->most;
    if (step->until >= 0) return find(at, end, step->until);
    if (step->until == NONE) return end;
    while (at < end && step->set[(uint8_t)*at]) at++;
    return at;
}

/* Goes on after a step; NULL where the line is not written so. */
static const char *take(const Step *step, const char *base, const char *begin, const char *at, const char *end, Span *spans)
{
    const char *from = at;
    size_t left = (size_t)(end - at);
    switch (step->kind) {
    case LITERAL:
    case AHEAD:
        if (left < step->length || *at != *step->text || memcmp(at, step->text, step->length)) return NULL;
        return step->kind == LITERAL ? at + step->length : at;
    case NOT_BEFORE: return at < end && step->set[(uint8_t)*at] ? NULL : at;
    case NOT_AFTER: return at > begin && step->set[(uint8_t)at[-1]] ? NULL : at;
    case LACKS:
        for (uint32_t each = 0; each < step->length; each++)
            if (left && memchr(at, step->text[each], left)) return NULL;
        return at;
    case BACK: return (size_t)(at - begin) < step->least ? NULL : at - step->least;
    case END: return at == end ? at : NULL;
    case RUN:
        at = end_of_run(step, at, end);
        if ((size_t)(at - from) < step->least && !((step->flags & OR_DASH) && at - from == 1 && *from == '-')) return NULL;
        break;
    case CLOCK: /* :49:42 */
        if (left < 6 || at[0] != ':' || at[3] != ':' || at[1] > '5' || at[4] > '5') return NULL;
        if (!is_digit(at[1]) || !is_digit(at[2]) || !is_digit(at[4]) || !is_digit(at[5])) return NULL;
        at += 6;
        break;
    case SAME: { /* the text, and what would end a run here; or else empty */
        int is_same = left >= step->length && !memcmp(at, step->text, step->length)
            && (left == step->length || at[step->length] == (char)step->until);
        spans[step->slot] = (Span){(uint32_t)(at - base), is_same ? step->length : 0};
        return at;
    }
    default: /* EMPTY */ break;
    }
    if (step->slot >= 0) {
        if ((step->flags & WITH_BEFORE) && from > begin) from--;
        spans[step->slot] = (Span){(uint32_t)(from - base), (uint32_t)(at - from) + ((step->flags & WITH_AFTER) && at < end)};
    }
    if (step->flags & AND_SKIP) return at < end && !step->set[(uint8_t)*at] ? at + 1 : NULL;
    return at;
}

static int split_line(const Shape *shape, const char *base, Span line, Span *spans)
{
    const char *begin = base + line.at, *end = begin + line.length;
    for (size_t way = 0; way < shape->number_of_ways; way++) {
        const char *at = begin;
        memset(spans, 0xFF, shape->width * sizeof(Span)); /* all ABSENT */
        for (size_t step = shape->ways[way]; at && step < shape->ways[way + 1]; step++)
            at = take(&shape->steps[step], base, begin, at, end, spans);
        if (at) return 1;
    }
    return 0;
}

static int split_lines(const Shape *shape, Lines *lines)
{
    const char *at = lines->block, *end = at + lines->length;
    do {
        const char *stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        size_t length = (size_t)((stop ? stop : end) - at);
        length -= length && at[length - 1] == '\r';
        if (length) {
            if (!reserve(&lines->rows, stride(lines->width))) return 0;
            size_t row = number_of_rows(lines);
            Head *head = head_of(lines, row);
            *head = (Head){(uint32_t)lines->number, 0, {(uint32_t)(at - lines->block), (uint32_t)length}};
            head->is_record = (uint32_t)split_line(shape, lines->block, head->line, (Span *)(head + 1));
            lines->odd += !head->is_record;
            lines->rows.used += stride(lines->width);
        }
        lines->number++;
        at = stop ? stop + 1 : end;
    } while (at < end);
    return 1;
}

/* ---- what repeats ---- */

static uint64_t mixed(uint64_t a)
{
    a = (a ^ (a >> 32)) * 0xE9846AF9B1A615DULL;
    a = (a ^ (a >> 32)) * 0xE9846AF9B1A615DULL;
    return a ^ (a >> 28);
}

/* Both words, so that none can be told from the other without knowing what they were mixed with before. */
static uint64_t together(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    return mixed(a ^ mixed(b));
#endif
}

/* Strangers choose the texts, so both what it begins with and `secret` are of this process alone. */
static uint64_t hash_on(uint64_t hash, uint64_t secret, const char *text, uint32_t length)
{
    const char *end = text + length;
    uint64_t a = 0, b = 0;
    for (; end - text > 16; text += 16) hash = together(eight(text) ^ secret, eight(text + 8) ^ hash);
    if (end - text >= 8) {
        a = eight(text);
        b = eight(end - 8);
    } else if (end - text >= 4) {
        a = four(text);
        b = four(end - 4);
    } else if (text < end) a = (uint64_t)(uint8_t)text[0] << 16 | (uint64_t)(uint8_t)text[(end - text) / 2] << 8 | (uint8_t)end[-1];
    return together(a ^ secret, b ^ hash) + length;
}

/* What is looked up soon, and lies anywhere. */
static void fetch(const void *at)
{
#if defined(__GNUC__)
    __builtin_prefetch(at);
#else
    (void)at;
#endif
}

static uint32_t length_of(Span span) { return span.length == ABSENT ? 0 : span.length; }

static int is_same(const Table *table, const Entry *entry, const Lines *lines, const Span *spans)
{
    const char *known = table->texts.at + entry->at;
    for (uint32_t each = 0; each < table->width; each++) {
        Span span = spans[table->slots[each]];
        if (four(known) != span.length || memcmp(known + 4, text_at(lines, span), length_of(span))) return 0;
        known += 4 + length_of(span);
    }
    return 1;
}

static int widen(Table *table)
{
    size_t size = table->places ? (table->mask + 1) * 2 : 1024, number = table->entries.used / sizeof(Entry);
    uint32_t *places = calloc(size, sizeof *places);
    if (!places) return 0;
    for (size_t code = 0; code < number; code++) {
        size_t place = ((Entry *)table->entries.at)[code].hash & (size - 1);
        while (places[place]) place = (place + 1) & (size - 1);
        places[place] = (uint32_t)code + 1;
    }
    free(table->places);
    table->places = places;
    table->mask = size - 1;
    return 1;
}

static int add(Table *table, uint64_t hash, const Lines *lines, const Span *spans)
{
    Entry entry = {hash, table->texts.used};
    size_t length = 0;
    for (uint32_t each = 0; each < table->width; each++) length += 4 + length_of(spans[table->slots[each]]);
    if (!reserve(&table->texts, length) || !append(&table->entries, &entry, sizeof entry)) return 0;
    for (uint32_t each = 0; each < table->width; each++) {
        Span span = spans[table->slots[each]];
        append(&table->texts, &span.length, 4);
        append(&table->texts, text_at(lines, span), length_of(span));
    }
    return 1;
}

static uint64_t hash_of(const Table *table, const Lines *lines, const Span *spans)
{
    uint64_t hash = table->seed;
    for (uint32_t each = 0; each < table->width; each++) {
        Span span = spans[table->slots[each]];
        hash = hash_on(hash + (span.length == ABSENT), table->secret, text_at(lines, span), length_of(span));
    }
    return mixed(hash);
}

/* The code of a row, a new one if need be; -1 without memory. */
static int64_t code_of(Table *table, uint64_t hash, const Lines *lines, const Span *spans)
{
    size_t number = table->entries.used / sizeof(Entry);
    if (number >= UINT32_MAX - 1 || ((!table->places || number * 2 > table->mask) && !widen(table))) return -1;
    size_t place = hash & table->mask;
    for (uint32_t code; (code = table->places[place]); place = (place + 1) & table->mask) {
        const Entry *entry = &((Entry *)table->entries.at)[code - 1];
        if (entry->hash == hash && is_same(table, entry, lines, spans)) return code - 1;
    }
    if (!add(table, hash, lines, spans)) return -1;
    table->places[place] = (uint32_t)number + 1;
    return (int64_t)number;
}

/* The codes of many rows. Some at a time, so that the memory that one needs is fetched while others are worked on. */
static int number_rows(Table *table, const Lines *lines, const uint32_t *rows, size_t number, uint32_t *codes)
{
    enum { SOME = 64 };
    uint64_t hashes[SOME];
    for (size_t first = 0; first < number; first += SOME) {
        size_t some = number - first < SOME ? number - first : SOME;
        for (size_t each = 0; each < some; each++) {
            hashes[each] = hash_of(table, lines, spans_of(lines, rows[first + each]));
            if (table->places) fetch(&table->places[hashes[each] & table->mask]);
        }
        for (int round = 0; table->places && round < 2; round++)
            for (size_t each = 0; each < some; each++) {
                uint32_t code = table->places[hashes[each] & table->mask];
                const Entry *entry = code ? &((Entry *)table->entries.at)[code - 1] : NULL;
                if (entry) fetch(round ? table->texts.at + entry->at : (const void *)entry);
            }
        for (size_t each = 0; each < some; each++) {
            const Span *spans = spans_of(lines, rows[first + each]);
            int64_t code = code_of(table, hashes[each], lines, spans);
            if (code < 0) return 0;
            codes[first + each] = (uint32_t)code;
        }
    }
    return 1;
}

/* ---- what Python sees ---- */

#ifndef WITHOUT_PYTHON

typedef struct { PyObject_HEAD Shape it; } ShapeObject;
typedef struct { PyObject_HEAD Lines it; PyObject *block; } LinesObject;
typedef struct { PyObject_HEAD Table it; } TableObject;

static PyObject *shape_type, *lines_type, *table_type; /* one interpreter imports this once */

#define SHAPE(object) (&((ShapeObject *)(object))->it)
#define LINES(object) (&((LinesObject *)(object))->it)
#define TABLE(object) (&((TableObject *)(object))->it)

static PyObject *new_object(PyObject *type)
{
    allocfunc allocate = (allocfunc)PyType_GetSlot((PyTypeObject *)type, Py_tp_alloc);
    return allocate((PyTypeObject *)type, 0);
}

static void release(PyObject *object)
{
    PyTypeObject *type = Py_TYPE(object);
    freefunc give_back = (freefunc)PyType_GetSlot(type, Py_tp_free);
    give_back(object);
    Py_DECREF(type);
}

static PyObject *refuse(const char *why)
{
    PyErr_SetString(PyExc_ValueError, why);
    return NULL;
}

/* Whether `list` has `value` at a place now; the list is dropped where it has not. Takes over the reference to the value. */
static int set(PyObject **list, Py_ssize_t place, PyObject *value)
{
    if (value && !PyList_SetItem(*list, place, value)) return 1;
    Py_CLEAR(*list);
    return 0;
}

static int read_slots(PyObject *tuple, uint32_t *slots, uint32_t *number)
{
    Py_ssize_t size = PyTuple_Size(tuple);
    if (size < 0 || size > MOST_PIECES) return refuse("too many pieces") != NULL;
    for (Py_ssize_t each = 0; each < size; each++) {
        long slot = PyLong_AsLong(PyTuple_GetItem(tuple, each));
        if (slot == -1 && PyErr_Occurred()) return 0;
        if (slot < 0 || slot >= MOST_PIECES) return refuse("no such piece") != NULL;
        slots[each] = (uint32_t)slot;
    }
    *number = (uint32_t)size;
    return 1;
}

static int have_slots(const Lines *lines, const uint32_t *slots, uint32_t number)
{
    for (uint32_t each = 0; each < number; each++)
        if (slots[each] >= lines->width) return refuse("no such piece") != NULL;
    return 1;
}

/* The rows in a buffer, which have to be there. */
static int read_rows(const Lines *lines, const Py_buffer *buffer, const uint32_t **rows, size_t *number)
{
    *rows = buffer->buf;
    *number = (size_t)buffer->len / sizeof(uint32_t);
    size_t most = number_of_rows(lines);
    for (size_t each = 0; each < *number; each++)
        if ((*rows)[each] >= most) return refuse("no such row") != NULL;
    return 1;
}

static PyObject *bytes_of(const Lines *lines, Span span)
{
    if (span.length == ABSENT) return Py_NewRef(Py_None);
    return PyBytes_FromStringAndSize(text_at(lines, span), (Py_ssize_t)span.length);
}

/* shapes */

static int read_step(PyObject *tuple, Step *step, const Buffer *texts, size_t *used, uint32_t width)
{
    const char *text;
    Py_ssize_t length;
    if (!PyTuple_Check(tuple)) return refuse("a step is a tuple") != NULL;
    if (!PyArg_ParseTuple(tuple, "iiy#IIi", &step->kind, &step->slot, &text, &length, &step->least, &step->most, &step->flags))
        return 0;
    memcpy(texts->at + *used, text, (size_t)length);
    step->text = texts->at + *used;
    step->length = (uint32_t)length;
    *used += (size_t)length;
    return complete(step, width) ? 1 : refuse("no such step") != NULL;
}

static int read_ways(PyObject *ways, Shape *shape)
{
    Py_ssize_t number = PyList_Size(ways), steps = 0, bytes = 0;
    for (Py_ssize_t way = 0; way < number; way++) {
        PyObject *list = PyList_GetItem(ways, way);
        if (!PyList_Check(list)) return refuse("a way is a list of steps") != NULL;
        steps += PyList_Size(list);
        for (Py_ssize_t each = 0; each < PyList_Size(list); each++) {
            PyObject *step = PyList_GetItem(list, each), *text = PyTuple_Check(step) ? PyTuple_GetItem(step, 2) : NULL;
            if (!text) return PyErr_Occurred() ? 0 : refuse("a step is a tuple") != NULL;
            if (PyBytes_Check(text)) bytes += PyBytes_Size(text);
        }
    }
    Buffer texts = {calloc((size_t)bytes + 1, 1), 0, (size_t)bytes};
    shape->texts = texts.at;
    shape->steps = calloc((size_t)steps + 1, sizeof(Step));
    shape->ways = calloc((size_t)number + 1, sizeof(size_t));
    if (!texts.at || !shape->steps || !shape->ways) return PyErr_NoMemory() != NULL;
    size_t used = 0, place = 0;
    for (Py_ssize_t way = 0; way < number; way++) {
        PyObject *list = PyList_GetItem(ways, way);
        for (Py_ssize_t each = 0; each < PyList_Size(list); each++)
            if (!read_step(PyList_GetItem(list, each), &shape->steps[place++], &texts, &used, shape->width)) return 0;
        shape->ways[way + 1] = place;
    }
    shape->number_of_ways = (size_t)number;
    return 1;
}

static PyObject *shape_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{
    PyObject *ways;
    unsigned int width;
    if (!PyArg_ParseTuple(args, "O!I", &PyList_Type, &ways, &width)) return NULL;
    if (width > MOST_PIECES) return refuse("too many pieces");
    PyObject *self = new_object((PyObject *)type);
    if (!self) return NULL;
    SHAPE(self)->width = width;
    if (!read_ways(ways, SHAPE(self))) Py_CLEAR(self);
    return self;
}

static void shape_free(PyObject *self)
{
    free(SHAPE(self)->steps);
    free(SHAPE(self)->ways);
    free(SHAPE(self)->texts);
    release(self);
}

static PyObject *shape_split(PyObject *self, PyObject *block)
{
    char *at;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(block, &at, &length)) return NULL;
    if ((size_t)length >= UINT32_MAX - 1) return refuse("the block is too large");
    PyObject *made = new_object(lines_type);
    if (!made) return NULL;
    Lines *lines = LINES(made);
    ((LinesObject *)made)->block = Py_NewRef(block);
    lines->block = at;
    lines->length = (size_t)length;
    lines->width = SHAPE(self)->width;
    int done;
    Py_BEGIN_ALLOW_THREADS /* nobody else knows these lines yet, and shapes never change */
    done = split_lines(SHAPE(self), lines);
    Py_END_ALLOW_THREADS
    if (done) return made;
    Py_DECREF(made);
    return PyErr_NoMemory();
}

/* lines */

static void lines_free(PyObject *self)
{
    free(LINES(self)->rows.at);
    free(LINES(self)->added.at);
    Py_XDECREF(((LinesObject *)self)->block);
    release(self);
}

static PyObject *lines_count(PyObject *self, void *Py_UNUSED(closure)) { return PyLong_FromSize_t(LINES(self)->number); }

static PyObject *lines_odd(PyObject *self, PyObject *Py_UNUSED(none))
{
    Lines *lines = LINES(self);
    PyObject *list = PyList_New(0);
    for (size_t row = 0; list && lines->odd && row < number_of_rows(lines); row++) {
        Head *head = head_of(lines, row);
        if (head->is_record) continue;
        PyObject *odd = Py_BuildValue("nIN", (Py_ssize_t)row, head->number, bytes_of(lines, head->line));
        if (!odd || PyList_Append(list, odd)) Py_CLEAR(list);
        Py_XDECREF(odd);
    }
    return list;
}

static PyObject *lines_line(PyObject *self, PyObject *args)
{
    Py_ssize_t row;
    if (!PyArg_ParseTuple(args, "n", &row)) return NULL;
    if (row < 0 || (size_t)row >= number_of_rows(LINES(self))) return refuse("no such row");
    Head *head = head_of(LINES(self), (size_t)row);
    return Py_BuildValue("nIN", row, head->number, bytes_of(LINES(self), head->line));
}

/* Puts bytes behind the block. */
static int put_piece(Lines *lines, PyObject *piece, Span *span)
{
    char *at;
    Py_ssize_t length;
    *span = (Span){ABSENT, ABSENT};
    if (piece == Py_None) return 1;
    if (PyBytes_AsStringAndSize(piece, &at, &length)) return 0;
    size_t place = lines->length + 1 + lines->added.used;
    if ((size_t)length >= ABSENT - place) return refuse("the lines are too long") != NULL;
    if (!append(&lines->added, at, (size_t)length)) return PyErr_NoMemory() != NULL;
    *span = (Span){(uint32_t)place, (uint32_t)length};
    return 1;
}

static PyObject *lines_put(PyObject *self, PyObject *args)
{
    Lines *lines = LINES(self);
    Py_ssize_t row;
    PyObject *pieces;
    if (!PyArg_ParseTuple(args, "nO", &row, &pieces)) return NULL;
    if (row < 0 || (size_t)row >= number_of_rows(lines)) return refuse("no such row");
    Head *head = head_of(lines, (size_t)row);
    lines->odd += head->is_record && pieces == Py_None;
    head->is_record = 0;
    if (pieces == Py_None) Py_RETURN_NONE;
    if (!PyTuple_Check(pieces) || PyTuple_Size(pieces) != (Py_ssize_t)lines->width) return refuse("not as many pieces");
    for (uint32_t slot = 0; slot < lines->width; slot++)
        if (!put_piece(lines, PyTuple_GetItem(pieces, (Py_ssize_t)slot), &spans_of(lines, (size_t)row)[slot])) return NULL;
    head->is_record = 1;
    Py_RETURN_NONE;
}

static PyObject *lines_records(PyObject *self, PyObject *Py_UNUSED(none))
{
    Lines *lines = LINES(self);
    Buffer rows = {NULL, 0, 0};
    size_t number = number_of_rows(lines);
    if (!reserve(&rows, number * sizeof(uint32_t))) return PyErr_NoMemory();
    for (size_t row = 0; row < number; row++)
        if (head_of(lines, row)->is_record) append(&rows, &(uint32_t){(uint32_t)row}, sizeof(uint32_t));
    PyObject *made = PyBytes_FromStringAndSize(rows.at, (Py_ssize_t)rows.used);
    free(rows.at);
    return made;
}

static PyObject *told_of(PyObject *self, PyObject *args, uint32_t (*told)(const Head *))
{
    Py_buffer buffer;
    const uint32_t *rows;
    size_t number;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(args, "y*", &buffer)) return NULL;
    if (read_rows(LINES(self), &buffer, &rows, &number)) made = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(number * sizeof *rows));
    if (made) {
        uint32_t *to = (uint32_t *)(void *)PyBytes_AsString(made);
        for (size_t each = 0; each < number; each++) to[each] = told(head_of(LINES(self), rows[each]));
    }
    PyBuffer_Release(&buffer);
    return made;
}

static uint32_t start_of(const Head *head) { return head->line.at; }
static uint32_t place_of(const Head *head) { return head->number; }
static PyObject *lines_starts(PyObject *self, PyObject *args) { return told_of(self, args, start_of); }
static PyObject *lines_places(PyObject *self, PyObject *args) { return told_of(self, args, place_of); }

static PyObject *pieces_of(const Lines *lines, const Span *spans, const uint32_t *slots, uint32_t number)
{
    if (number == 1) return bytes_of(lines, spans[slots[0]]);
    PyObject *tuple = PyTuple_New((Py_ssize_t)number);
    for (uint32_t each = 0; tuple && each < number; each++) {
        PyObject *piece = bytes_of(lines, spans[slots[each]]);
        if (!piece || PyTuple_SetItem(tuple, (Py_ssize_t)each, piece)) Py_CLEAR(tuple);
    }
    return tuple;
}

static PyObject *lines_pieces(PyObject *self, PyObject *args)
{
    Py_buffer buffer;
    PyObject *tuple, *list = NULL;
    const uint32_t *rows;
    uint32_t slots[MOST_PIECES], width;
    size_t number;
    if (!PyArg_ParseTuple(args, "y*O!", &buffer, &PyTuple_Type, &tuple)) return NULL;
    if (read_slots(tuple, slots, &width) && have_slots(LINES(self), slots, width)
        && read_rows(LINES(self), &buffer, &rows, &number)) list = PyList_New((Py_ssize_t)number);
    for (size_t each = 0; list && each < number; each++)
        set(&list, (Py_ssize_t)each, pieces_of(LINES(self), spans_of(LINES(self), rows[each]), slots, width));
    PyBuffer_Release(&buffer);
    return list;
}

static int compare(const Lines *lines, Span one, Span other)
{
    uint32_t shorter = one.length < other.length ? one.length : other.length;
    int order = memcmp(text_at(lines, one), text_at(lines, other), shorter);
    return order ? order : (one.length > other.length) - (one.length < other.length);
}

static PyObject *lines_bounds(PyObject *self, PyObject *args)
{
    Lines *lines = LINES(self);
    Py_buffer buffer, codes;
    unsigned int slot, code;
    const uint32_t *rows;
    size_t number;
    PyObject *made = NULL;
    if (!PyArg_ParseTuple(args, "y*Iy*I", &buffer, &slot, &codes, &code)) return NULL;
    Span least = {ABSENT, ABSENT}, greatest = least;
    if (codes.len != buffer.len) refuse("not as many codes as rows");
    else if (have_slots(lines, &slot, 1) && read_rows(lines, &buffer, &rows, &number)) {
        for (size_t each = 0; each < number; each++) {
            Span span = spans_of(lines, rows[each])[slot];
            if (((const uint32_t *)codes.buf)[each] != code || span.length == ABSENT) continue;
            if (least.length == ABSENT || compare(lines, span, least) < 0) least = span;
            if (greatest.length == ABSENT || compare(lines, span, greatest) > 0) greatest = span;
        }
        made = Py_BuildValue("NN", bytes_of(lines, least), bytes_of(lines, greatest));
    }
    PyBuffer_Release(&buffer);
    PyBuffer_Release(&codes);
    return made;
}

/* tables */

static PyObject *table_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{
    PyObject *tuple;
    unsigned long long seed;
    if (!PyArg_ParseTuple(args, "O!K", &PyTuple_Type, &tuple, &seed)) return NULL;
    PyObject *self = new_object((PyObject *)type);
    if (!self) return NULL;
    TABLE(self)->seed = seed;
    TABLE(self)->secret = mixed(seed + 1);
    if (!read_slots(tuple, TABLE(self)->slots, &TABLE(self)->width)) Py_CLEAR(self);
    return self;
}

static void table_free(PyObject *self)
{
    free(TABLE(self)->entries.at);
    free(TABLE(self)->texts.at);
    free(TABLE(self)->places);
    release(self);
}

static Py_ssize_t table_length(PyObject *self) { return (Py_ssize_t)(TABLE(self)->entries.used / sizeof(Entry)); }

static PyObject *table_size(PyObject *self, void *Py_UNUSED(closure))
{
    Table *table = TABLE(self);
    return PyLong_FromSize_t(table->entries.room + table->texts.room + (table->places ? (table->mask + 1) * 4 : 0));
}

static PyObject *table_codes(PyObject *self, PyObject *args)
{
    Table *table = TABLE(self);
    PyObject *lines_object, *made = NULL;
    Py_buffer buffer;
    const uint32_t *rows;
    size_t number;
    if (!PyArg_ParseTuple(args, "O!y*", lines_type, &lines_object, &buffer)) return NULL;
    Lines *lines = LINES(lines_object);
    if (have_slots(lines, table->slots, table->width) && read_rows(lines, &buffer, &rows, &number))
        made = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(number * sizeof(uint32_t)));
    if (made && !number_rows(table, lines, rows, number, (uint32_t *)PyBytes_AsString(made))) {
        Py_CLEAR(made);
        PyErr_NoMemory();
    }
    PyBuffer_Release(&buffer);
    return made;
}

static PyObject *table_tokens(PyObject *self, PyObject *args)
{
    Table *table = TABLE(self);
    Py_ssize_t first, number = table_length(self);
    if (!PyArg_ParseTuple(args, "n", &first)) return NULL;
    if (first < 0 || first > number) return refuse("no such code");
    PyObject *list = PyList_New(number - first);
    uint32_t slots[MOST_PIECES];
    Span spans[MOST_PIECES];
    for (uint32_t each = 0; each < table->width; each++) slots[each] = each;
    for (Py_ssize_t code = first; list && code < number; code++) {
        const char *begin = table->texts.at + ((Entry *)table->entries.at)[code].at, *at = begin;
        for (uint32_t each = 0; each < table->width; each++) {
            uint32_t length = (uint32_t)four(at);
            spans[each] = (Span){(uint32_t)(at + 4 - begin), length};
            at += 4 + length_of(spans[each]);
        }
        Lines text = {.block = begin, .length = (size_t)(at - begin)};
        set(&list, code - first, pieces_of(&text, spans, slots, table->width));
    }
    return list;
}

/* codes */

static PyObject *pick(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *values;
    Py_buffer codes;
    if (!PyArg_ParseTuple(args, "O!y*", &PyList_Type, &values, &codes)) return NULL;
    const uint32_t *code = codes.buf;
    Py_ssize_t number = codes.len / (Py_ssize_t)sizeof(uint32_t), size = PyList_Size(values);
    PyObject *list = PyList_New(number);
    for (Py_ssize_t each = 0; list && each < number; each++) {
        if ((Py_ssize_t)code[each] >= size) {
            PyErr_SetString(PyExc_IndexError, "no such code");
            Py_CLEAR(list);
        } else set(&list, each, Py_NewRef(PyList_GetItem(values, (Py_ssize_t)code[each])));
    }
    PyBuffer_Release(&codes);
    return list;
}

static PyObject *distinct(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer codes;
    if (!PyArg_ParseTuple(args, "y*", &codes)) return NULL;
    const uint32_t *code = codes.buf;
    size_t number = (size_t)codes.len / sizeof(uint32_t), greatest = 0;
    for (size_t each = 0; each < number; each++) if (code[each] > greatest) greatest = code[each];
    char *is_known = calloc(greatest + 1, 1);
    PyObject *list = is_known ? PyList_New(0) : PyErr_NoMemory();
    for (size_t each = 0; list && each < number; each++) {
        if (is_known[code[each]]) continue;
        is_known[code[each]] = 1;
        PyObject *found = PyLong_FromUnsignedLong(code[each]);
        if (!found || PyList_Append(list, found)) Py_CLEAR(list);
        Py_XDECREF(found);
    }
    free(is_known);
    PyBuffer_Release(&codes);
    return list;
}

static PyObject *compress(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer rows, flags;
    if (!PyArg_ParseTuple(args, "y*y*", &rows, &flags)) return NULL;
    Buffer kept = {NULL, 0, 0};
    PyObject *made = NULL;
    size_t number = (size_t)rows.len / sizeof(uint32_t);
    if ((size_t)flags.len != number) refuse("not as many flags as rows");
    else if (!reserve(&kept, (number + 1) * sizeof(uint32_t))) PyErr_NoMemory();
    else {
        const uint32_t *row = rows.buf;
        const char *flag = flags.buf;
        uint32_t *to = (uint32_t *)(void *)kept.at;
        for (size_t each = 0; each < number; each++) {
            *to = row[each];
            to += flag[each] != 0;
        }
        made = PyBytes_FromStringAndSize(kept.at, (char *)to - kept.at);
    }
    free(kept.at);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&flags);
    return made;
}

/* Of each code what there is for it, so many bytes. */
static PyObject *looked_up(PyObject *args, size_t width)
{
    Py_buffer codes, table;
    if (!PyArg_ParseTuple(args, "y*y*", &codes, &table)) return NULL;
    const uint32_t *code = codes.buf;
    size_t number = (size_t)codes.len / sizeof(uint32_t), size = (size_t)table.len / width, each = 0;
    PyObject *made = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(number * width));
    char *to = made ? PyBytes_AsString(made) : NULL;
    if (width == 1) for (; to && each < number && code[each] < size; each++) to[each] = ((const char *)table.buf)[code[each]];
    else for (; to && each < number && code[each] < size; each++) ((uint32_t *)(void *)to)[each] = ((const uint32_t *)table.buf)[code[each]];
    if (to && each < number) {
        PyErr_SetString(PyExc_IndexError, "no such code");
        Py_CLEAR(made);
    }
    PyBuffer_Release(&codes);
    PyBuffer_Release(&table);
    return made;
}

static PyObject *recode(PyObject *Py_UNUSED(module), PyObject *args) { return looked_up(args, sizeof(uint32_t)); }
static PyObject *flag(PyObject *Py_UNUSED(module), PyObject *args) { return looked_up(args, 1); }

/* columns of codes */

typedef struct { Py_buffer *buffers; size_t width, number; } Codes;

static void give_back_codes(Codes *codes)
{
    while (codes->width) PyBuffer_Release(&codes->buffers[--codes->width]);
    free(codes->buffers);
}

static int read_codes(PyObject *columns, Codes *codes)
{
    Py_ssize_t width = PyList_Size(columns);
    *codes = (Codes){calloc((size_t)width + 1, sizeof(Py_buffer)), 0, 0};
    if (!codes->buffers) return PyErr_NoMemory() != NULL;
    for (; codes->width < (size_t)width; codes->width++) {
        Py_buffer *buffer = &codes->buffers[codes->width];
        if (PyObject_GetBuffer(PyList_GetItem(columns, (Py_ssize_t)codes->width), buffer, PyBUF_SIMPLE)) return 0;
        size_t number = (size_t)buffer->len / sizeof(uint32_t);
        if (codes->width && number != codes->number) {
            PyBuffer_Release(buffer);
            return refuse("not as many codes in each column") != NULL;
        }
        codes->number = number;
    }
    return 1;
}

static uint32_t code_at(const Codes *codes, size_t column, size_t row)
{
    return ((const uint32_t *)codes->buffers[column].buf)[row];
}

static int are_equal(const Codes *codes, size_t one, size_t other)
{
    for (size_t column = 0; column < codes->width; column++)
        if (code_at(codes, column, one) != code_at(codes, column, other)) return 0;
    return 1;
}

/* The numbers of the distinct rows, where each is first and how often it is; 0 without memory. `places` are 0, and twice as many as rows. */
static size_t combine_rows(const Codes *codes, uint64_t seed, uint32_t *places, size_t mask, uint32_t *numbers, uint32_t *firsts, uint32_t *times)
{
    size_t distinct_rows = 0;
    for (size_t row = 0; row < codes->number; row++) {
        if (row && are_equal(codes, row, row - 1)) { /* as rows of one column often are */
            times[numbers[row] = numbers[row - 1]]++;
            continue;
        }
        uint64_t hash = seed;
        for (size_t column = 0; column < codes->width; column++) hash = mixed(hash + code_at(codes, column, row));
        size_t place = hash & mask;
        while (places[place] && !are_equal(codes, row, firsts[places[place] - 1])) place = (place + 1) & mask;
        if (!places[place]) {
            firsts[distinct_rows] = (uint32_t)row;
            times[distinct_rows] = 0;
            places[place] = (uint32_t)++distinct_rows;
        }
        times[numbers[row] = places[place] - 1]++;
    }
    return distinct_rows;
}

static PyObject *combine(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *columns, *made = NULL;
    unsigned long long seed;
    Codes codes;
    if (!PyArg_ParseTuple(args, "O!K", &PyList_Type, &columns, &seed)) return NULL;
    if (read_codes(columns, &codes)) {
        size_t size = 16, number = codes.number;
        while (size < 2 * number) size *= 2;
        uint32_t *places = number < UINT32_MAX / 2 ? calloc(size, sizeof *places) : NULL, *found = calloc(3 * number + 1, sizeof *found);
        if (places && found) {
            uint32_t *firsts = found + number, *times = firsts + number;
            Py_ssize_t many = (Py_ssize_t)(combine_rows(&codes, seed, places, size - 1, found, firsts, times) * sizeof *found);
            made = Py_BuildValue("y#y#y#", found, (Py_ssize_t)(number * sizeof *found), firsts, many, times, many);
        } else PyErr_NoMemory();
        free(places);
        free(found);
    }
    give_back_codes(&codes);
    return made;
}

/* The value of a row of a column, which is a list, or (values, codes); borrowed. */
static PyObject *value_at(PyObject *values, const Py_buffer *codes, uint32_t row)
{
    size_t place = row;
    if (codes->obj) {
        if (row >= (size_t)codes->len / sizeof(uint32_t)) return refuse("no such row");
        place = ((const uint32_t *)codes->buf)[row];
    }
    return PyList_GetItem(values, (Py_ssize_t)place);
}

static int read_column(PyObject *column, PyObject **values, Py_buffer *codes)
{
    *values = column;
    if (PyTuple_Check(column) && !PyArg_ParseTuple(column, "O!y*", &PyList_Type, values, codes)) return 0;
    return PyList_Check(*values) || refuse("a column is a list, or values and codes") != NULL;
}

static PyObject *interleave(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *columns, *list = NULL;
    Py_buffer rows;
    if (!PyArg_ParseTuple(args, "O!y*", &PyList_Type, &columns, &rows)) return NULL;
    Py_ssize_t width = PyList_Size(columns), number = rows.len / (Py_ssize_t)sizeof(uint32_t);
    Py_buffer *codes = calloc((size_t)width + 1, sizeof *codes);
    if (codes) list = PyList_New(width * number);
    else PyErr_NoMemory();
    for (Py_ssize_t column = 0; list && column < width; column++) {
        PyObject *values;
        if (!read_column(PyList_GetItem(columns, column), &values, &codes[column])) Py_CLEAR(list);
        for (Py_ssize_t row = 0; list && row < number; row++) {
            PyObject *value = value_at(values, &codes[column], ((const uint32_t *)rows.buf)[row]);
            set(&list, row * width + column, Py_XNewRef(value));
        }
    }
    for (Py_ssize_t column = 0; codes && column < width; column++) if (codes[column].obj) PyBuffer_Release(&codes[column]);
    free(codes);
    PyBuffer_Release(&rows);
    return list;
}

static PyMethodDef shape_methods[] = {{"split", shape_split, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot shape_slots[] = {
    {Py_tp_new, shape_new}, {Py_tp_dealloc, shape_free}, {Py_tp_methods, shape_methods}, {0, NULL},
};
static PyMethodDef lines_methods[] = {
    {"odd", lines_odd, METH_NOARGS, NULL}, {"line", lines_line, METH_VARARGS, NULL}, {"put", lines_put, METH_VARARGS, NULL},
    {"records", lines_records, METH_NOARGS, NULL}, {"starts", lines_starts, METH_VARARGS, NULL},
    {"places", lines_places, METH_VARARGS, NULL},
    {"pieces", lines_pieces, METH_VARARGS, NULL}, {"bounds", lines_bounds, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL},
};
static PyGetSetDef lines_attributes[] = {{"count", lines_count, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot lines_slots[] = {
    {Py_tp_dealloc, lines_free}, {Py_tp_methods, lines_methods}, {Py_tp_getset, lines_attributes}, {0, NULL},
};
static PyMethodDef table_methods[] = {
    {"codes", table_codes, METH_VARARGS, NULL}, {"tokens", table_tokens, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL},
};
static PyGetSetDef table_attributes[] = {{"size", table_size, NULL, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot table_type_slots[] = {
    {Py_tp_new, table_new}, {Py_tp_dealloc, table_free}, {Py_tp_methods, table_methods}, {Py_tp_getset, table_attributes},
    {Py_sq_length, table_length}, {0, NULL},
};
static PyType_Spec shape_spec = {"footfall._compiled.Shape", sizeof(ShapeObject), 0, Py_TPFLAGS_DEFAULT, shape_slots};
static PyType_Spec lines_spec = {
    "footfall._compiled.Lines", sizeof(LinesObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, lines_slots,
};
static PyType_Spec table_spec = {"footfall._compiled.Table", sizeof(TableObject), 0, Py_TPFLAGS_DEFAULT, table_type_slots};
static PyMethodDef functions[] = {
    {"pick", pick, METH_VARARGS, NULL}, {"distinct", distinct, METH_VARARGS, NULL}, {"compress", compress, METH_VARARGS, NULL},
    {"recode", recode, METH_VARARGS, NULL}, {"flag", flag, METH_VARARGS, NULL}, {"combine", combine, METH_VARARGS, NULL},
    {"interleave", interleave, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_compiled", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__compiled(void)
{
    PyObject *made = PyModule_Create(&module);
    if (!made) return NULL;
    if ((shape_type = PyType_FromSpec(&shape_spec)) && (lines_type = PyType_FromSpec(&lines_spec))
        && (table_type = PyType_FromSpec(&table_spec)) && !PyModule_AddObjectRef(made, "Shape", shape_type)
        && !PyModule_AddObjectRef(made, "Table", table_type)) return made;
    Py_DECREF(made);
    return NULL;
}

#endif
