/** What an agent of some version can do, by the client's rule: strictly later than, with as many parts. */
export const agentGate = {
  terminateFlag: "2.3.722.0",
  mux: "3.0.196.0",
  keepAliveOff: "3.1.1511.0",
} as const;

/** What the agent expects of a client of some version. */
export const clientGate = { mux: "1.1.70", keepAliveOff: "1.2.331.0", separateOutput: "1.2.295" } as const;

/** True when `version` is later than `gate`; false for anything that cannot be compared up to where they differ. */
export function isLaterVersion(version: string, gate: string): boolean {
  const parts = version.split(".");
  const limits = gate.split(".");
  if (parts.length !== limits.length) return false;
  return compare(parts, limits) === 1;
}

/** The agent's rule for clients: missing parts count as zero. */
export function isClientAtLeast(version: string, gate: string): boolean {
  return compareClient(version, gate) >= 0;
}

export function isClientLater(version: string, gate: string): boolean {
  return compareClient(version, gate) > 0;
}

function compareClient(version: string, gate: string): number {
  const parts = version.split(".");
  const limits = gate.split(".");
  const length = Math.max(parts.length, limits.length);
  const padded = (list: string[]): string[] => [...list, ...Array.from({ length: length - list.length }, () => "0")];
  return compare(padded(parts), padded(limits));
}

/** -1 also when a part that would decide is not a number. */
function compare(parts: readonly string[], limits: readonly string[]): -1 | 0 | 1 {
  for (const [index, limit] of limits.entries()) {
    const part = parts[index] ?? "";
    if (!/^\d+$/.test(part)) return -1;
    if (Number(part) > Number(limit)) return 1;
    if (Number(part) < Number(limit)) return -1;
  }
  return 0;
}
