"""Answers that are kept for whoever asks again."""

from footfall.cache import MOST_BYTES, MOST_KEPT, Cache


def test_equal_questions_are_asked_once():
    left = iter(["first", "second", "third"])
    answers = Cache(lambda _: next(left))

    assert [answers[text] for text in ("a", "ab", "a")] == ["first", "second", "first"]


def test_neither_many_nor_long_texts_fill_the_memory():
    answers, length = Cache(len), MOST_BYTES // 100

    for number in range(1000):
        assert answers[b"%0*d" % (length, number)] == length
        assert sum(map(len, answers)) <= MOST_BYTES + length
    for number in range(MOST_KEPT * 2):
        answers[number.to_bytes(4, "big")]
    assert len(answers) <= MOST_KEPT
