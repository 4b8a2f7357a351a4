import { z } from "zod";

/**
 * What to do to a request. `processed` says whether the request takes effect before its answer is spoilt; it is false
 * unless told. The kinds without it always process, except `drop_before`.
 */
export type Fault =
  | { kind: "status"; status: number; body?: unknown; headers?: Record<string, string>; processed?: boolean }
  | { kind: "html502"; processed?: boolean }
  | { kind: "redirect"; location: string; processed?: boolean }
  /** The answer never comes and the socket stays open. */
  | { kind: "hang"; processed?: boolean }
  /** The socket is destroyed and nothing happened. */
  | { kind: "drop_before" }
  /** The request takes effect and the socket is destroyed instead of an answer. */
  | { kind: "drop_after" }
  /** A JSON body of `null`. */
  | { kind: "null_body" }
  /** The body ends half-way, though HTTP says that it is whole. */
  | { kind: "truncated_json" }
  /** The body is not JSON, though its Content-Type says so. */
  | { kind: "garbled_json" }
  /** A body of about this many bytes. */
  | { kind: "huge_body"; bytes: number }
  /** The true answer, later. */
  | { kind: "delay"; ms: number };

/** A fault for the next requests that match; used up after `times` (default 1). */
export interface PlannedFault {
  match: {
    /** HTTP method in capitals; any when left out. */
    method?: string;
    /** A part of the path below the base URL, such as "/send-message"; any when left out. */
    path?: string;
  };
  times?: number;
  fault: Fault;
}

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
