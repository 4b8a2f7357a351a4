const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `90000` as `1 min 30 s`: the two largest units. */
export function durationInWords(ms: number): string {
  let leftMs = Math.abs(ms);
  const parts: string[] = [];
  for (const [name, unitMs] of units) {
    const count = Math.floor(leftMs / unitMs);
    if (count === 0) continue;
    parts.push(`${count} ${name}`);
    leftMs -= count * unitMs;
  }
  return parts.length === 0 ? `${Math.round(leftMs)} ms` : parts.slice(0, 2).join(" ");
}
