// A signature's strokes as the server takes them: plain path data in a box of 300 by 100.

const PATH_MAX = 20_000;
const BOX = [300, 100] as const;

interface Stroke {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

// Thinned out until it fits; empty where nothing was drawn.
export function pathOf(strokes: readonly Stroke[], width: number, height: number): string {
  if (!(width > 0 && height > 0)) return "";
  const scale = Math.min(BOX[0] / width, BOX[1] / height);
  const at = (value: number, most: number): number => Math.round(Math.max(0, Math.min(most, value * scale)) * 10) / 10;
  for (let every = 1; every <= 64; every *= 2) {
    const path = strokes
      .map(({ points }) => points.filter((_, place) => place % every === 0 || place === points.length - 1))
      .map((points) => points.map(({ x, y }, place) => `${place ? "L" : "M"}${at(x, BOX[0])} ${at(y, BOX[1])}`).join(""))
      .join("");
    if (path.length <= PATH_MAX) return path;
  }
  return "";
}
