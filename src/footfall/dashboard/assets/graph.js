/**
 * The graph of views over time, drawn by uPlot: this period in front, the previous one behind it, incomplete parts dashed.
 *
 * Points are placed by number, 0 to n-1, not by time: so months are equally wide, the two periods overlap, and each mark of the
 * axis is one of the points. For the keyboard it is a slider, which screen readers can describe.
 */

import { makeMarks, told as noted } from "./annotations.js";
import { make } from "./dom.js";
import * as format from "./format.js";
import { linesOf } from "./points.js";

const LABEL_ROOM = 76; // pixels for a mark of the axis
const HEIGHT = { least: 180, most: 220, part: 0.24 }; // of the width
const CLICK = 4; // pixels that the mouse may move during a click

/**
 * Puts a graph into `place`. `onPick(first, last)` is called with the points chosen by a click, by Enter, or by dragging
 * over several.
 *
 * `show` takes { title, labels, interval, values, previous: [[label, value]] | null, unfinished, noun, whyNone, annotations }: values are
 * null if unknown, and `whyNone(label)` says why; `annotations` has a list for each point. `unfinished` is the number of the point
 * that is still growing, or -1.
 */
export function makeGraph(place, onPick) {
  const canvas = make("div", { class: "canvas" });
  const tip = make("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const frame = make(
    "div",
    {
      class: "frame",
      role: "slider",
      tabindex: "0",
      "aria-label": "Views over time",
      "aria-orientation": "horizontal",
      "aria-valuemin": "0",
      "aria-valuemax": "0",
      "aria-valuenow": "0",
      "aria-describedby": "graph-keys",
      keydown: onKey,
      focus: () => point(at ?? lastKnown()),
      blur: hideTip,
      mouseleave: hideTip,
    },
    canvas,
    tip,
  );
  place.replaceChildren(frame);
  const above = makeMarks(place);
  let plot = null;
  let model = null;
  let at = null; // the point whose numbers are shown
  let dragged = false;

  new ResizeObserver(() => plot && plot.width !== canvas.clientWidth && redraw()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  function show(shown) {
    model = shown;
    at = null;
    frame.setAttribute("aria-label", model.title);
    frame.setAttribute("aria-valuemax", Math.max(0, model.labels.length - 1));
    redraw();
    tell(lastKnown());
  }

  function redraw() {
    if (!model) return;
    plot?.destroy();
    hideTip();
    const width = Math.max(canvas.clientWidth, 200);
    const height = Math.round(Math.min(HEIGHT.most, Math.max(HEIGHT.least, width * HEIGHT.part)));
    plot = new uPlot(options(width, height), columns(), canvas);
    plot.over.addEventListener("click", onClick);
  }

  function columns() {
    const { labels, values, previous, unfinished } = model;
    const isKnown = (number) => unfinished < 0 || number < unfinished;
    const solid = values.map((count, number) => (isKnown(number) ? count : null));
    const dashed = values.map((count, number) => (unfinished >= 0 && number >= unfinished - 1 ? count : null));
    return [labels.map((_, number) => number), labels.map((_, number) => previous?.[number]?.[1] ?? null), solid, dashed];
  }

  function options(width, height) {
    const style = getComputedStyle(place);
    const colour = (name) => style.getPropertyValue(name).trim();
    const font = `${parseFloat(style.fontSize) * 0.8}px ${style.fontFamily}`;
    const isLonely = model.values.filter((count) => count !== null).length < 2;
    const points = { show: isLonely, size: 8, fill: colour("--accent") };
    const line = (more) => ({ width: 2, points, ...more });
    return {
      width,
      height,
      padding: [12, endsInMark() ? LABEL_ROOM / 3 : 4, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: false, range: (_, least, most) => (most > least ? [least, most] : [least - 1, most + 1]) },
        y: { range: (_, __, most) => [0, Math.max(4, most * 1.05)] },
      },
      axes: [
        {
          font,
          stroke: colour("--muted"),
          size: 30,
          gap: 8,
          grid: { show: false },
          ticks: { stroke: colour("--rule"), size: 5 },
          splits: () => marks().map(([number]) => number),
          values: () => marks().map(([, text]) => text),
        },
        {
          font,
          stroke: colour("--muted"),
          gap: 8,
          size: (self, values) => axisWidth(self, values, font),
          grid: { stroke: colour("--rule"), width: 1 },
          ticks: { show: false },
          incrs: [1, 2, 5].flatMap((first) => [...Array(13).keys()].map((zeros) => first * 10 ** zeros)).sort((a, b) => a - b),
          space: 48,
          values: (_, values) => values.map(format.compact),
        },
      ],
      series: [
        {},
        line({ stroke: colour("--before"), width: 1.5 }),
        line({ stroke: colour("--accent"), fill: colour("--accent-faint") }),
        line({ stroke: colour("--accent"), dash: [5, 5], fill: colour("--accent-faint") }),
      ],
      cursor: { y: false, points: { size: 9 }, drag: { x: true, y: false, setScale: false, dist: CLICK } },
      hooks: { ready: [mark], setCursor: [onCursor], setSelect: [onSelect] },
    };
  }

  function mark(self) {
    above.show(model.annotations, (number) => self.valToPos(number, "x") + self.over.offsetLeft);
  }

  /** The marks of the axis, [number of the point, text], as many as fit. */
  function marks() {
    const room = Math.max(2, Math.floor((plot?.width ?? canvas.clientWidth) / LABEL_ROOM));
    return marksOf(model.labels, model.interval, room);
  }

  /** A mark is centered on its point, so one near the end needs room there. */
  function endsInMark() {
    const last = marks().at(-1)?.[0] ?? 0;
    return last > (1 - LABEL_ROOM / 3 / Math.max(1, canvas.clientWidth)) * (model.labels.length - 1);
  }

  function onCursor(self) {
    if (self.cursor.left < 0 || self.cursor.idx === null || self.cursor.idx === undefined) return hideTip();
    tell(self.cursor.idx);
    showTip();
  }

  function onSelect(self) {
    if (self.select.width < CLICK) return;
    const [first, last] = [self.select.left, self.select.left + self.select.width].map((left) => self.posToIdx(left));
    self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    dragged = true;
    setTimeout(() => (dragged = false)); // the click event follows immediately
    if (last > first) onPick(first, last);
  }

  function onClick(event) {
    if (!dragged && event.pointerType !== "touch" && at !== null) onPick(at, at); // a tap only shows the numbers
  }

  function onKey(event) {
    const last = model ? model.labels.length - 1 : -1;
    if (last < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = at ?? lastKnown();
    const page = Math.max(1, Math.round(last / 10));
    const moves = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      Home: 0,
      End: last,
      PageDown: here - page,
      PageUp: here + page,
    };
    if (event.key in moves) point(Math.min(last, Math.max(0, moves[event.key])));
    else if (event.key === "Enter") onPick(here, here);
    else if (event.key === "Escape") hideTip();
    else return;
    event.preventDefault();
  }

  /** Move the cursor to a point, as the mouse would. */
  function point(number) {
    if (!plot || !model?.labels.length) return;
    plot.setCursor({ left: plot.valToPos(number, "x"), top: plot.valToPos(model.values[number] ?? 0, "y") });
    tell(number); // even if the cursor was already there
    showTip();
  }

  function lastKnown() {
    const known = model ? model.values.findLastIndex((count) => count !== null) : -1;
    return Math.max(0, known);
  }

  function tell(number) {
    if (!model.labels.length) return frame.setAttribute("aria-valuetext", "nothing");
    at = number;
    frame.setAttribute("aria-valuenow", number);
    const text = linesOf(model, number).map(({ name, said, changed }) => `${name}: ${said}${changed ? `, ${changed.text}` : ""}`);
    frame.setAttribute("aria-valuetext", [...text, ...model.annotations[number].map(noted)].join("; "));
  }

  function showTip() {
    tip.replaceChildren(...linesOf(model, at).map(tipLine));
    tip.hidden = false;
    const left = plot.valToPos(at, "x") + plot.over.offsetLeft;
    const isRight = left > plot.width / 2;
    tip.style.left = isRight ? "auto" : `${left + 14}px`;
    tip.style.right = isRight ? `${plot.width - left + 14}px` : "auto";
    const top = plot.valToPos(model.values[at] ?? 0, "y") + plot.over.offsetTop - tip.offsetHeight / 2;
    const lowest = plot.over.offsetTop + plot.over.offsetHeight - tip.offsetHeight; // so that it does not cover the axis
    tip.style.top = `${Math.max(0, Math.min(top, lowest))}px`;
  }

  function hideTip() {
    tip.hidden = true;
  }

  return { show, frame };
}

function tipLine({ name, said, changed }, number) {
  const change = changed && make("em", { class: changed.direction }, changed.text);
  return make("p", { class: number ? "before" : "now" }, make("b", {}, said), change, make("span", {}, name));
}

/** Wide enough for its longest number: uPlot calls it several times, first without values. */
function axisWidth(self, values, font) {
  if (!values) return 30;
  self.ctx.save();
  self.ctx.font = font;
  const widest = Math.max(...values.map((text) => self.ctx.measureText(text).width));
  self.ctx.restore();
  return Math.ceil(widest) + 12;
}

const onMonth = (months) => (label) => label.endsWith("-01") && (Number(label.slice(5, 7)) - 1) % months === 0;
const onHour = (hours) => (label) => Number(label.slice(11, 13)) % hours === 0;
const everyDays = (days) => (label, number) => number % days === 0;

// The labels that may be marks, closest first; each with its text.
const LEVELS = {
  hour: [
    ...[1, 2, 3, 6, 12].map((hours) => [
      onHour(hours),
      (label) => format.tick(label, Number(label.slice(11, 13)) ? "hour" : "day"),
    ]),
    ...[1, 2, 7, 14].map((days) => [
      (label, number) => label.endsWith("T00:00") && Math.floor(number / 24) % days === 0,
      (label) => format.tick(label, "day"),
    ]),
  ],
  day: [
    ...[1, 2, 7, 14].map((days) => [everyDays(days), (label) => format.tick(label, "day")]),
    ...[1, 3, 6, 12].map((months) => [onMonth(months), monthOrYear]),
  ],
  week: [
    ...[1, 2, 4].map((weeks) => [everyDays(weeks), (label) => format.tick(label, "day")]),
    ...[1, 3, 6, 12].map((months) => [
      (label) => Number(label.slice(8)) <= 7 && (Number(label.slice(5, 7)) - 1) % months === 0,
      monthOrYear,
    ]),
  ],
  month: [1, 3, 6, 12, 24, 60].map((months) => [
    (label) => (Number(label.slice(0, 4)) * 12 + Number(label.slice(5, 7)) - 1) % months === 0,
    monthOrYear,
  ]),
};

function monthOrYear(label) {
  return format.tick(label, label.slice(5, 7) === "01" ? "year" : "month");
}

function marksOf(labels, interval, room) {
  let found = [];
  for (const [isMark, text] of LEVELS[interval]) {
    found = labels.flatMap((label, number) => (isMark(label, number) ? [[number, text(label)]] : []));
    if (found.length <= room) break;
  }
  const step = Math.ceil(found.length / room); // for periods of centuries
  return found.filter((_, number) => number % step === 0);
}
