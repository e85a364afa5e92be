/** A row's course in a line as high as its text. Screen readers pass over it: the numbers stand beside it. */

import { draw } from "./dom.js";

const WIDTH = 96;
const HEIGHT = 22;

export function sparkline(series) {
  const most = Math.max(1, ...series);
  const step = series.length > 1 ? WIDTH / (series.length - 1) : 0;
  const height = (views) => (HEIGHT - 1.5 - (views / most) * (HEIGHT - 3)).toFixed(1);
  const points = series.map((views, index) => `${(index * step).toFixed(1)},${height(views)}`);
  if (points.length === 1) points.push(`${WIDTH},${height(series[0])}`);
  return draw(
    "svg",
    {
      class: "sparkline",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      focusable: "false",
    },
    draw("polygon", { points: `0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}` }),
    draw("polyline", { points: points.join(" ") }),
  );
}
