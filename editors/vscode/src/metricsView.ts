/** The page of the metrics view: each figure as its last value, and as a line over time. */

/** The body of the event `dataflare/metrics`: seconds, bytes, records per second, and a share from 0 to 1. */
export interface Metrics {
  readonly state: string;
  readonly records: number;
  readonly errors: number;
  readonly throughput: number;
  readonly errorRate: number;
  readonly loadTime: number;
  readonly initTime: number;
  readonly meanTime: number;
  readonly p50Time: number;
  readonly p99Time: number;
  readonly memory?: number;
}

interface Figure {
  readonly name: string;
  readonly value: (metrics: Metrics) => number | undefined;
  readonly shown: (value: number) => string;
  /** Whether a line over time says more than the value. */
  readonly drawn: boolean;
}

const FIGURES: readonly Figure[] = [
  { name: "Records", value: ({ records }) => records, shown: count, drawn: false },
  { name: "Throughput", value: ({ throughput }) => throughput, shown: (value) => `${count(value)}/s`, drawn: true },
  { name: "Median time", value: ({ p50Time }) => p50Time, shown: time, drawn: true },
  { name: "99th percentile", value: ({ p99Time }) => p99Time, shown: time, drawn: true },
  { name: "Memory", value: ({ memory }) => memory, shown: bytes, drawn: true },
  { name: "Errors", value: ({ errors }) => errors, shown: count, drawn: true },
  { name: "Load time", value: ({ loadTime }) => loadTime, shown: time, drawn: false },
  { name: "Start time", value: ({ initTime }) => initTime, shown: time, drawn: false },
];

export function count(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

export function time(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  return seconds >= 1e-3 ? `${(seconds * 1e3).toFixed(2)} ms` : `${(seconds * 1e6).toFixed(1)} µs`;
}

export function bytes(value: number): string {
  return value >= 1 << 20 ? `${(value / (1 << 20)).toFixed(1)} MiB` : `${(value / 1024).toFixed(0)} KiB`;
}

/** The points of a line over time, in a box of 100 by 20; flat at the bottom where nothing changes. */
export function points(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const width = Math.max(values.length - 1, 1);
  return values
    .map((value, index) => {
      const height = most > least ? (value - least) / (most - least) : 0;
      return `${((100 * index) / width).toFixed(1)},${(19 - 18 * height).toFixed(1)}`;
    })
    .join(" ");
}

function show(history: readonly Metrics[]): void {
  const last = history.at(-1);
  document.getElementById("none")?.toggleAttribute("hidden", last !== undefined);
  const list = document.getElementById("figures");
  if (last === undefined) {
    list?.replaceChildren();
    return;
  }
  const rows = FIGURES.flatMap((figure) => {
    const value = figure.value(last);
    if (value === undefined) return [];
    const values = history.flatMap((one) => figure.value(one) ?? []);
    return [term(figure.name), definition(figure.shown(value), figure.drawn ? line(values) : undefined)];
  });
  list?.replaceChildren(term("State"), definition(last.state), ...rows);
}

function term(text: string): HTMLElement {
  const found = document.createElement("dt");
  found.textContent = text;
  return found;
}

function definition(text: string, drawn?: SVGElement): HTMLElement {
  const found = document.createElement("dd");
  const value = document.createElement("span");
  value.textContent = text;
  found.append(value, ...(drawn ? [drawn] : []));
  return found;
}

/** A picture of what the text beside it says, so screen readers pass over it. */
function line(values: readonly number[]): SVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 100 20");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  drawn.setAttribute("points", points(values));
  picture.append(drawn);
  return picture;
}

declare function acquireVsCodeApi(): { postMessage: (message: unknown) => void };

if (typeof acquireVsCodeApi === "function") {
  window.addEventListener("message", ({ data }: MessageEvent<Metrics[]>) => {
    show(data);
  });
  acquireVsCodeApi().postMessage("ready");
}
