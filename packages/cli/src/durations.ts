import { usageError } from "./usage-error.js";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `2m`, `1h`; a bare number is seconds. In milliseconds. */
export function parseDuration(text: string): number {
  const [, amount = "", unit = "s"] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)?$/.exec(text.trim()) ?? [];
  const ms = Number(amount) * (unitMs[unit] ?? Number.NaN);
  if (amount === "" || !(ms > 0)) throw usageError(`"${text}" is no duration.`, "Write it like 500ms, 30s, 2m or 1h.");
  return ms;
}

/** `90000` as `1 min 30 s`; what is below a second in milliseconds. */
export function inWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const parts = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const shown = parts.slice(parts.findIndex(([count]) => count > 0)).slice(0, 2);
  return shown
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
