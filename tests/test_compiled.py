"""The compiled reader and the one in pure Python come to the same; tests/contracts/test_formats.py goes over both, too."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripts.compile_reader import compile_reader

from footfall import compiled as of_reader
from footfall.cache import Cache
from footfall.digest import Start, make_digester
from footfall.formats import FORMATS, coded, steps

from .builders import line, run
from .compared import COUNTING, PURE, blocks_of, both, damaged, digesters_of, samples_of
from .conftest import ROOT, required, trials
from .fuzz import build, build_sanitized, compare, fuzz

SOURCE = ROOT / "src/footfall/_compiled.c"
NAMES = [name.partition(",")[0] for name in PURE]


@pytest.fixture(autouse=True)
def compiled() -> Any:
    required("compiler", of_reader.IS_COMPILED, "install a C compiler, then: make clean check")
    return of_reader.compiled


@pytest.mark.parametrize("name", NAMES)
def test_whole_logs_are_counted_the_same(name: str) -> None:
    for log in samples_of(name):
        one, other = both(name, [log])

        assert one.account.views or one.account.dropped
        assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_whole_logs_are_counted_as_their_lines_are_explained(name: str) -> None:
    for log in samples_of(name):
        start = Start(log, origin="origin")
        for digester in digesters_of(name):
            said = digester.read([log], start)
            told = [outcome for _, outcome in digester.explain(log.splitlines(), start)]

            assert said.account.lines == sum(outcome.outcome != "comment" for outcome in told)
            assert list(said.views) == [outcome.view for outcome in told if outcome.view]


def test_lists_with_the_same_facts_share_all_answers_whatever_their_order() -> None:
    logs = [log for log in samples_of("cloudfront") if log.startswith((b"#", b"{"))]
    plan_of = make_digester("cloudfront", COUNTING)._of_name["cloudfront"].plan_of

    plans = [plan_of(log) for log in logs]

    assert len({plan.reader for plan in plans}) > 10
    assert len({id(plan.kind_of) for plan in plans}) <= 6


@pytest.mark.parametrize("name", NAMES)
@given(seed=st.integers(0, 1 << 32))
def test_damaged_logs_cut_into_blocks_anywhere_are_counted_the_same(name: str, seed: int) -> None:
    rng = Random(seed)
    log = damaged(rng.choice(samples_of(name)), rng)

    one, other = both(name, list(blocks_of(log, rng)))

    assert one == other


@pytest.mark.parametrize("name", NAMES)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_counted_the_same(name: str, content: bytes) -> None:
    one, other = both(name, [content])

    assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_nearly_all_lines_of_a_log_are_plain_to_it(name: str, compiled: Any) -> None:
    """The others are read one by one, which takes ten times as long."""
    for log in samples_of(name)[1:]:
        reader: Any = FORMATS[name].reader(log)
        splitter = reader._split_block.__self__
        if not isinstance(splitter, coded.CodedSplitter):
            continue
        reader.read(log, frozenset({"path"}))
        shape = next(iter(splitter._shapes.values()))
        odd = shape.split(log).odd()

        assert len([line for _, _, line in odd if not line.startswith(b"#")]) * 20 < log.count(b"\n")


def test_two_records_in_one_line_are_unreadable_also_where_the_second_has_no_quotes() -> None:
    log = samples_of("s3")[-1].splitlines()[0]
    second = b"o b [20/Oct/2022:08:49:42 +0000] i r d BATCH.DELETE.OBJECT k - 204 - - - - - - - - h= SigV4 - AuthHeader b - -"

    one, other = both("s3", [second + b"\n" + log + second + b"\n"])

    assert one == other
    assert (one.account.lines, one.account.unreadable) == (2, 1)


def test_it_numbers_anew_before_it_takes_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "MOST_NUMBERED", 3)
    rng = Random(1)
    for log in samples_of("s3"):
        one, other = both("s3", [*blocks_of(log, rng)] * 2)

        assert one == other


def test_what_it_is_given_wrongly_is_refused_and_does_no_harm(compiled: Any) -> None:
    shape = compiled.Shape([[(steps.RUN, 0, b" ", 1, 9, 0)]], 1)
    lines, table = shape.split(b"ab\ncd"), compiled.Table((0,), 7)
    row, far = bytes(4), b"\xff" * 4
    wrong = [
        lambda: compiled.Shape([[(99, 0, b"", 0, 0, 0)]], 1),
        lambda: compiled.Shape([[(steps.RUN, 1, b"", 0, 0, 0)]], 1),
        lambda: compiled.Shape([[(steps.SAME, -1, b"", 0, 0, 0)]], 1),
        lambda: compiled.Shape([[(steps.LITERAL, -1, b"", 0, 0, 0)]], 1),
        lambda: compiled.Shape([["step"]], 1),
        lambda: compiled.Shape([[()]], 1),
        lambda: compiled.Shape(["way"], 1),
        lambda: compiled.Shape([], 999),
        lambda: compiled.Table((999,), 7),
        lambda: compiled.Table((-1,), 7),
        lambda: compiled.Table((0,) * 999, 7),
        lambda: compiled.Table(("0",), 7),
        lambda: shape.split("text"),
        lambda: lines.put(2, (b"",)),
        lambda: lines.put(0, ()),
        lambda: lines.put(0, ("text",)),
        lambda: lines.line(-1),
        lambda: lines.starts(far),
        lambda: lines.pieces(far, (0,)),
        lambda: lines.pieces(row, (1,)),
        lambda: lines.bounds(row, 1, row, 0),
        lambda: lines.bounds(row, 0, b"", 0),
        lambda: table.codes(lines, far),
        lambda: table.codes(table, row),
        lambda: compiled.Table((5,), 7).codes(lines, row),
        lambda: table.tokens(1),
        lambda: table.tokens(-1),
        lambda: compiled.pick([], row),
        lambda: compiled.compress(row, b""),
        lambda: compiled.compress(row, [1]),
        lambda: compiled.recode(far, row),
        lambda: compiled.flag(far, b"\1"),
        lambda: compiled.combine([row, b""], 7),
        lambda: compiled.combine(["text"], 7),
        lambda: compiled.interleave([[1]], far),
        lambda: compiled.interleave([([1], far)], row),
        lambda: compiled.interleave([([1], b"")], row),
        lambda: compiled.interleave([("text", row)], row),
        lambda: compiled.interleave(["text"], row),
        lambda: type(lines)(),
    ]

    for call in wrong:
        with pytest.raises((ValueError, TypeError, IndexError)):
            call()  # type: ignore[no-untyped-call]


def test_the_version_shows_which_reader_runs() -> None:
    assert run("--version").stdout.endswith(" (compiled reader)\n")
    assert run("--version", env={"FOOTFALL_PURE": "1"}).stdout.endswith(" (pure Python)\n")


def test_what_keeps_it_from_being_compiled_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.c").write_text("int main(void) { return nonsense; }")
    monkeypatch.setenv("CC", "false")
    assert compile_reader(SOURCE, tmp_path / "made.so") == "false failed"
    monkeypatch.setenv("CC", "no-such-compiler")
    assert "no-such-compiler" in compile_reader(SOURCE, tmp_path / "made.so")
    monkeypatch.delenv("CC")
    assert "nonsense" in compile_reader(tmp_path / "broken.c", tmp_path / "made.so")


@pytest.mark.slow
def test_sanitizers_find_nothing_in_it(tmp_path: Path) -> None:
    problem = build_sanitized(tmp_path / "_compiled.abi3.so")
    required("sanitizers", not problem, f"gcc brings them: {problem}")

    assert compare(tmp_path / "_compiled.abi3.so", trials(300)) == ""


@pytest.mark.slow
def test_a_fuzzer_finds_nothing_in_it(tmp_path: Path) -> None:
    problem = build(tmp_path / "fuzzer")
    required("clang", not problem, f"apt-get install clang libclang-rt-dev: {problem}")

    assert fuzz(tmp_path / "fuzzer", tmp_path, trials(3000)) == ""


def test_who_asks_anew_is_asked_about_what_it_reads_and_not_about_what_others_have_read() -> None:
    reader, fields = FORMATS["s3"].reader(b""), frozenset({"path"})
    asked: list[Any] = []
    others = reader.read(b"".join(line(f"p{number}/") + b"\n" for number in range(500)), fields).records
    others.look_up(Cache(lambda token: token), "path")

    reader.anew().read(line("a/") + b"\n", fields).records.look_up(Cache(asked.append), "path")

    assert len(asked) == 1
