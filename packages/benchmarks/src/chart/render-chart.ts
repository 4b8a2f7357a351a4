import type { TrafficScenario } from "../scenarios/scenario.js";
import { Limiter } from "../server/limiter.js";
import type { ServerReport } from "../server/plan.js";

const size = { width: 860, height: 420, left: 56, right: 16, top: 48, bottom: 76 } as const;
const colours = ["#0969da", "#8250df", "#bf8700", "#6e7781", "#1a7f37"] as const;
/** Longer runs are cut off: they would squeeze the others. */
const longestOverLeast = 2.5;

interface Scale {
  readonly x: (atMs: number) => number;
  readonly y: (count: number) => number;
}

/** Sends accepted over time, one line a client, above what the limit allows at most; refusals as ticks below. */
export function renderChart(scenario: TrafficScenario, reports: ReadonlyMap<string, ServerReport>): string {
  const count = scenario.sends.length;
  const allowed = allowedAtMs(scenario);
  const longestMs = Math.max(...[...reports.values()].map(({ acceptedAtMs }) => acceptedAtMs.at(-1) ?? 0));
  const endMs = Math.min(longestMs, (scenario.leastMs ?? longestMs) * longestOverLeast) * 1.02;
  const scale: Scale = {
    x: (atMs) => size.left + (Math.min(atMs, endMs) / endMs) * (size.width - size.left - size.right),
    y: (sent) => size.height - size.bottom - (sent / count) * (size.height - size.top - size.bottom),
  };
  const lines = [...reports].map(([subject, report], place) => {
    const colour = colours[place % colours.length] as string;
    const inside = report.acceptedAtMs.filter((atMs) => atMs <= endMs);
    const refused = report.refusedAtMs.filter((atMs) => atMs <= endMs);
    return [
      `<path d="${staircase(inside, scale)}" fill="none" stroke="${colour}" stroke-width="${place === 0 ? 2.5 : 1.5}"/>`,
      ...refusalTicks(refused, scale, colour, place),
      legend(subject, report, colour, place),
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${size.left}" y="20" font-size="14" fill="#1f2328">${escape(scenario.title)}: ${count} sends, accepted over time</text>
<path d="${staircase(allowed, scale)} V${scale.y(0)} H${scale.x(0)} Z" fill="#ddf4e4" stroke="none"/>
${axes(endMs, count, scale)}
${lines.join("\n")}
</svg>
`;
}

/** When each send would pass if everything were known and nothing took time. */
function allowedAtMs(scenario: TrafficScenario): readonly number[] {
  const limiter = new Limiter(scenario.server.limits);
  const instants: number[] = [];
  for (let atMs = 0; instants.length < scenario.sends.length; ) {
    const { isAccepted, waitMs } = limiter.judge("s-0", atMs);
    if (isAccepted) instants.push(atMs);
    else atMs += Math.max(waitMs, 0.001);
  }
  return instants;
}

function staircase(instants: readonly number[], { x, y }: Scale): string {
  const steps = instants.map((atMs, place) => `H${x(atMs).toFixed(1)} V${y(place + 1).toFixed(1)}`);
  return `M${x(0).toFixed(1)} ${y(0).toFixed(1)} ${steps.join(" ")}`;
}

/** Many refusals at one place are one tick. */
function refusalTicks(refused: readonly number[], { x, y }: Scale, colour: string, place: number): readonly string[] {
  const places = new Set(refused.map((atMs) => Math.round(x(atMs))));
  const top = y(0) + 4 + place * 5;
  return [...places].map((at) => `<path d="M${at} ${top} v4" stroke="${colour}"/>`);
}

function legend(subject: string, report: ServerReport, colour: string, place: number): string {
  const text = `${subject}: ${report.acceptedAtMs.length} accepted, ${report.refusedAtMs.length} refused`;
  const x = size.left + (place % 2) * 400;
  const y = size.height - 22 + Math.floor(place / 2) * 15;
  return `<path d="M${x} ${y - 4} h18" stroke="${colour}" stroke-width="3"/><text x="${x + 24}" y="${y}" fill="#1f2328">${escape(text)}</text>`;
}

function axes(endMs: number, count: number, { x, y }: Scale): string {
  const seconds = Array.from({ length: Math.floor(endMs / 1_000) + 1 }, (_, second) => second);
  const every = Math.ceil(seconds.length / 12);
  const marks = seconds
    .filter((second) => second % every === 0)
    .map(
      (second) =>
        `<text x="${x(second * 1_000)}" y="${y(0) + 38}" text-anchor="middle" fill="#59636e">${second} s</text>`,
    );
  return `<path d="M${x(0)} ${y(count)} V${y(0)} H${x(endMs)}" fill="none" stroke="#59636e"/>
<text x="${x(0) - 6}" y="${y(count) + 4}" text-anchor="end" fill="#59636e">${count}</text>
<text x="${x(0) - 6}" y="${y(0) + 4}" text-anchor="end" fill="#59636e">0</text>
<text x="${size.width - size.right}" y="38" text-anchor="end" fill="#59636e">green: what the limit allows; ticks below: refusals</text>
${marks.join("\n")}`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
