import type { Fate } from "../sending/tally.js";

/** What the SDK said of each message, to be compared with what the emulator saw. */
export interface Ledger {
  readonly fates: ReadonlyMap<string, Fate>;
  /** The text of each message names it at the emulator. */
  readonly texts: ReadonlyMap<string, string>;
  accept(id: string, text: string): void;
  settle(fate: Fate): void;
  received: number;
  killedAfter: number;
}

export function createLedger(): Ledger {
  const fates = new Map<string, Fate>();
  const texts = new Map<string, string>();
  return {
    fates,
    texts,
    accept: (id, text) => {
      texts.set(id, text);
      fates.set(id, { id, state: "queued" });
    },
    settle: (fate) => void fates.set(fate.id, fate),
    received: 0,
    killedAfter: 0,
  };
}
