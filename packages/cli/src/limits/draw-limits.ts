import type { BucketView } from "@colloquy/core";
import { inWords } from "../durations.js";
import { table } from "../output/table.js";

const barWidth = 20;

const shapes: Readonly<Record<NonNullable<BucketView["shape"]>, string>> = {
  spacing: "one at a time",
  fixed_window: "fixed window",
  window: "any window",
};

/** The limits below each other, each with a bar of what is left. */
export function drawLimits(limits: readonly BucketView[]): string {
  if (limits.length === 0) return "No limit is known.";
  return table(
    ["bucket", "of the", "limit", "left", "", "next", "waiting", "known from"],
    limits.map((limit) => [
      limit.bucket,
      limit.scope,
      rule(limit),
      limit.remaining === undefined ? "?" : String(Math.max(0, limit.remaining)),
      bar(limit),
      next(limit),
      String(limit.queued),
      origin(limit),
    ]),
  );
}

function rule({ limit, windowMs }: BucketView): string {
  if (limit === undefined) return "not known";
  return windowMs === undefined ? String(limit) : `${limit} per ${inWords(windowMs)}`;
}

function bar({ limit, remaining }: BucketView): string {
  if (limit === undefined || remaining === undefined || limit <= 0) return "";
  const full = Math.round((barWidth * Math.min(limit, Math.max(0, remaining))) / limit);
  return `${"█".repeat(full)}${"░".repeat(barWidth - full)}`;
}

function next({ freeInMs }: BucketView): string {
  if (freeInMs === undefined) return "when answered";
  return freeInMs === 0 ? "now" : `in ${inWords(freeInMs)}`;
}

function origin({ origin: from, shape, refusals, shared }: BucketView): string {
  const words = [from ?? "nothing yet", shape && shapes[shape], shared && `${shared} with other processes`];
  if (refusals > 0) words.push(`refused ${refusals} times`);
  return words.filter((word) => word !== undefined).join(", ");
}
