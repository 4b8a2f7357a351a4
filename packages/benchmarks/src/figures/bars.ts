import type { Bar, Figures } from "../scenarios/scenario.js";

/** One subject's medians in one scenario. */
export interface Row extends Figures {
  readonly scenario: string;
  readonly subject: string;
  readonly rounds: number;
}

export interface BarResult {
  /** `scenario: figure`. */
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
}

export interface JudgedBar extends BarResult {
  /** The best of the peers that lost nothing, by this figure. */
  readonly bestPeer?: { readonly subject: string; readonly value: number };
}

const ourName = "Colloquy";

/** Holds our row of a scenario against its bars, beside the best peer's. Empty when we were not measured. */
export function judgeBars(scenario: string, bars: readonly Bar[], rows: readonly Row[]): readonly JudgedBar[] {
  const own = rows.find((row) => row.scenario === scenario && row.subject === ourName);
  if (!own) return [];
  const peers = rows.filter(
    (row) => row.scenario === scenario && !row.subject.startsWith(ourName) && (row.lost ?? 0) === 0,
  );
  return bars.flatMap((bar) => {
    const value = own[bar.figure];
    if (value === undefined) return [];
    const bestPeer = bestOf(peers, bar);
    return [
      {
        name: `${scenario}: ${bar.figure}`,
        value,
        limit: bar.limit,
        met: bar.isLeast ? value >= bar.limit : value <= bar.limit,
        ...(bestPeer ? { bestPeer } : {}),
      },
    ];
  });
}

function bestOf(peers: readonly Row[], { figure, isLeast }: Bar): JudgedBar["bestPeer"] {
  let best: JudgedBar["bestPeer"];
  for (const peer of peers) {
    const value = peer[figure];
    if (value === undefined) continue;
    if (!best || (isLeast ? value > best.value : value < best.value)) best = { subject: peer.subject, value };
  }
  return best;
}

/** Four digits are more than two noisy cores can promise. */
export function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
