import { z } from "zod";
import type { Random } from "../random.js";
import type { Fault, PlannedFault } from "../wasender/dials.js";
import type { Reply } from "./reply.js";

/** Dials that every HTTP service of this package has. Durations are milliseconds. */
export interface CommonDials {
  /** Every answer takes at least so long. Default 0. */
  latencyMs: number;
  /** Up to so much more, at random. Default 0. */
  latencyJitterMs: number;
  /** One-shot faults, first match first. Default none. */
  failNext: PlannedFault[];
  /** Share (0 to 1) of requests that take effect but lose their answer. Default 0. */
  lostAnswerRate: number;
  /** Share of requests whose socket is destroyed before anything happens. Default 0. */
  droppedRate: number;
  /** Share of requests refused with 503. Default 0. */
  error503Rate: number;
  /** Share of requests answered by a gateway's HTML page with 502. Default 0. */
  html502Rate: number;
  /** Share of requests that take effect but whose answer is not JSON. Default 0. */
  garbledJsonRate: number;
}

export function commonDefaults(): CommonDials {
  return {
    latencyMs: 0,
    latencyJitterMs: 0,
    failNext: [],
    lostAnswerRate: 0,
    droppedRate: 0,
    error503Rate: 0,
    html502Rate: 0,
    garbledJsonRate: 0,
  };
}

export const ms: z.ZodNumber = z.number().min(0);
export const count: z.ZodNumber = z.number().int().min(0);
export const rate: z.ZodNumber = z.number().min(0).max(1);
const processed = z.boolean().optional();

const fault = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status"),
    status: z.number().int().min(200).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    processed,
  }),
  z.strictObject({ kind: z.literal("html502"), processed }),
  z.strictObject({ kind: z.literal("redirect"), location: z.string(), processed }),
  z.strictObject({ kind: z.literal("hang"), processed }),
  z.strictObject({ kind: z.literal("drop_before") }),
  z.strictObject({ kind: z.literal("drop_after") }),
  z.strictObject({ kind: z.literal("null_body") }),
  z.strictObject({ kind: z.literal("truncated_json") }),
  z.strictObject({ kind: z.literal("garbled_json") }),
  z.strictObject({ kind: z.literal("huge_body"), bytes: count }),
  z.strictObject({ kind: z.literal("delay"), ms }),
]);

const plannedFault = z.strictObject({
  match: z.strictObject({ method: z.string().optional(), path: z.string().optional() }),
  times: count.optional(),
  fault,
});

export const commonShape: Record<keyof CommonDials, z.ZodType> = {
  latencyMs: ms,
  latencyJitterMs: ms,
  failNext: z.array(plannedFault),
  lostAnswerRate: rate,
  droppedRate: rate,
  error503Rate: rate,
  html502Rate: rate,
  garbledJsonRate: rate,
};

/** The fault that this request meets: the first planned one that matches, else one drawn by the rates. */
export function drawFault(dials: CommonDials, random: Random, method: string, path: string): Fault | undefined {
  const planned = dials.failNext.find(
    ({ match }) => (match.method ?? method).toUpperCase() === method && path.includes(match.path ?? ""),
  );
  if (planned !== undefined) {
    planned.times = (planned.times ?? 1) - 1;
    if (planned.times <= 0) dials.failNext.splice(dials.failNext.indexOf(planned), 1);
    return planned.fault;
  }
  const rates: [number, Fault][] = [
    [dials.droppedRate, { kind: "drop_before" }],
    [dials.lostAnswerRate, { kind: "drop_after" }],
    [dials.error503Rate, { kind: "status", status: 503 }],
    [dials.html502Rate, { kind: "html502" }],
    [dials.garbledJsonRate, { kind: "garbled_json" }],
  ];
  return rates.find(([share]) => share > 0 && random.next() < share)?.[1];
}

/** Whether the request takes effect in spite of the fault. */
export function takesEffect(met: Fault | undefined): boolean {
  if (met === undefined) return true;
  if ("processed" in met) return met.processed ?? false;
  return !["status", "html502", "redirect", "hang", "drop_before"].includes(met.kind);
}

/** What leaves the server: the true answer, what the fault makes of it, or nothing. */
export function spoil(met: Fault | undefined, truth: Reply): Reply | "hang" | "drop" {
  const text = truth.body ?? "{}";
  const json = { ...truth.headers, "Content-Type": "application/json" };
  switch (met?.kind) {
    case undefined:
    case "delay":
      return truth;
    case "drop_before":
    case "drop_after":
      return "drop";
    case "hang":
      return "hang";
    case "status": {
      const body = JSON.stringify(met.body ?? { message: `HTTP ${met.status}` });
      return { status: met.status, headers: { "Content-Type": "application/json", ...met.headers }, body };
    }
    case "redirect":
      return { status: 302, headers: { Location: met.location }, body: "" };
    case "html502":
      return { status: 502, headers: { "Content-Type": "text/html" }, body: gatewayPage };
    case "null_body":
      return { ...truth, headers: json, body: "null" };
    case "truncated_json":
      return { ...truth, headers: json, body: text.slice(0, Math.max(1, Math.floor(text.length / 2))) };
    case "garbled_json":
      return { ...truth, headers: json, body: `<<${text.replaceAll('"', "'")}` };
    case "huge_body":
      return { ...truth, headers: json, body: JSON.stringify({ success: true, data: "x".repeat(met.bytes) }) };
  }
}

const gatewayPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
  "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
