/*
 * What libFuzzer calls: the half of the compiled reader that knows nothing of Python, with any steps and any lines.
 *
 * An input is a shape and then a block of lines: the number of pieces and of ways; for each way the number of its steps; for each
 * step its kind, slot + 1, flags, least, most (255 is unbounded), and its text with the length before it. seeds.py writes
 * inputs with the steps of our formats.
 */
#define WITHOUT_PYTHON
#include "../../src/footfall/_compiled.c"

#include <stdio.h>

static void check(int is_so, const char *what)
{
    if (is_so) return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

typedef struct { const uint8_t *at, *end; } Input;

static uint8_t next(Input *input) { return input->at < input->end ? *input->at++ : 0; }

static Shape shape_of(Input *input)
{
    size_t most = (size_t)(input->end - input->at) / 6 + 1; /* a step takes six bytes at least */
    Shape shape = {calloc(most, sizeof(Step)), calloc(9, sizeof(size_t)), 0, NULL, next(input) % (MOST_PIECES + 1)};
    size_t place = 0, ways = next(input) % 8;
    for (size_t way = 0; way < ways; way++) {
        for (int steps = next(input); steps && input->end - input->at >= 6; steps--) {
            Step step = {.kind = next(input), .slot = next(input) - 1, .flags = next(input), .least = next(input), .most = next(input)};
            size_t length = next(input), left = (size_t)(input->end - input->at);
            if (step.most == 255) step.most = UINT32_MAX;
            step.length = (uint32_t)(length < left ? length : left);
            step.text = (const char *)input->at;
            input->at += step.length;
            if (complete(&step, shape.width)) shape.steps[place++] = step;
        }
        shape.ways[++shape.number_of_ways] = place;
    }
    return shape;
}

static int is_equal(const Lines *lines, Span one, Span other)
{
    return one.length == other.length && !memcmp(text_at(lines, one), text_at(lines, other), length_of(one));
}

/* Rows have the same code where all their pieces are equal, and only there. */
static void check_codes(Table *table, const Lines *lines)
{
    size_t number = number_of_rows(lines);
    uint32_t *rows = calloc(number + 1, sizeof *rows), *codes = calloc(number + 1, sizeof *codes);
    for (size_t row = 0; row < number; row++) rows[row] = (uint32_t)row;
    for (int again = 0; again < 2; again++) check(number_rows(table, lines, rows, number, codes), "there is memory");
    for (size_t one = 0; one < number && one < 40; one++)
        for (size_t other = 0; other < one; other++) {
            int is_same_row = 1;
            for (uint32_t each = 0; each < table->width; each++) {
                uint32_t slot = table->slots[each];
                is_same_row &= is_equal(lines, spans_of(lines, one)[slot], spans_of(lines, other)[slot]);
            }
            check((codes[one] == codes[other]) == is_same_row, "codes tell texts apart, and nothing else");
        }
    free(rows);
    free(codes);
    free(table->entries.at);
    free(table->texts.at);
    free(table->places);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input = {data, data + size};
    Shape shape = shape_of(&input);
    size_t length = (size_t)(input.end - input.at);
    char *block = malloc(length + !length); /* so that a byte too many is found */
    if (length) memcpy(block, input.at, length);
    Lines lines = {.block = block, .length = length, .width = shape.width};
    check(split_lines(&shape, &lines), "there is memory");
    for (size_t row = 0; row < number_of_rows(&lines); row++) {
        Span line = head_of(&lines, row)->line;
        check(line.length && line.at + line.length <= length && !memchr(block + line.at, '\n', line.length), "a row is a line");
        if (!head_of(&lines, row)->is_record) memset(spans_of(&lines, row), 0xFF, shape.width * sizeof(Span));
        for (uint32_t slot = 0; slot < shape.width; slot++) {
            Span piece = spans_of(&lines, row)[slot];
            int is_inside = piece.at >= line.at && piece.at + piece.length <= line.at + line.length;
            check(piece.length == ABSENT || is_inside, "a piece is in its line");
        }
    }
    if (shape.width && number_of_rows(&lines)) { /* as put() does */
        check(append(&lines.added, block, length), "there is memory");
        *spans_of(&lines, 0) = (Span){(uint32_t)(length + 1), (uint32_t)length};
    }
    Table of_all = {.width = shape.width, .seed = 1, .secret = 2}, of_first = {.width = shape.width > 0, .seed = 3, .secret = 4};
    for (uint32_t slot = 0; slot < shape.width; slot++) of_all.slots[slot] = slot;
    check_codes(&of_all, &lines);
    check_codes(&of_first, &lines);
    free(lines.rows.at);
    free(lines.added.at);
    free(block);
    free(shape.steps);
    free(shape.ways);
    return 0;
}
