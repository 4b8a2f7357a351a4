import type { StoreSubject } from "@colloquy/conformance";
import {
  memoryStore,
  type Store,
  type StoreManifest,
  type StoreWithTranscripts,
  type TranscriptStore,
} from "@colloquy/core";
import { virtualClock } from "@colloquy/core/testing";

/** One mistake that a store could make, and the tests that must find it. */
export interface Fault {
  /** A sentence about the faulty store. */
  readonly name: string;
  readonly fails: readonly string[];
  /** Puts the mistake into the first opening. */
  readonly tamper?: (base: Store) => Tampering;
  /** Puts the mistake into what `reopen` gives. */
  readonly tamperReopened?: (base: Store) => Tampering;
  readonly stored?: (base: Store) => Promise<readonly Uint8Array[]>;
}

export type Tampering = Partial<Pick<Store, "manifest" | "open" | "close">> & {
  readonly [Group in "records" | "log" | "outbox" | "inbox" | "secrets" | "leases" | "asks"]?: Partial<Store[Group]>;
} & { readonly transcripts?: Partial<TranscriptStore> };

/** Promises everything, so that no test is skipped. In one process, what a memory store keeps does outlive its closing. */
export const fullManifest: StoreManifest = {
  name: "tampered",
  durability: "process",
  shared: true,
  encryptsSecrets: true,
  keepsTranscripts: true,
};

function tampered(base: StoreWithTranscripts, changes: Tampering): Store {
  return {
    manifest: changes.manifest ?? fullManifest,
    open: changes.open ?? base.open,
    close: changes.close ?? base.close,
    records: { ...base.records, ...changes.records },
    log: { ...base.log, ...changes.log },
    outbox: { ...base.outbox, ...changes.outbox },
    inbox: { ...base.inbox, ...changes.inbox },
    secrets: { ...base.secrets, ...changes.secrets },
    leases: { ...base.leases, ...changes.leases },
    asks: { ...base.asks, ...changes.asks },
    transcripts: { ...base.transcripts, ...changes.transcripts },
  };
}

/** A correct store but for the fault. */
export function subjectWith(fault: Partial<Fault>): StoreSubject {
  const clock = virtualClock();
  const base = memoryStore({ clock });
  return {
    store: tampered(base, fault.tamper?.(base) ?? {}),
    reopen: async () => tampered(base, fault.tamperReopened?.(base) ?? {}),
    passTime: (ms) => clock.advance(ms),
    stored: async () => fault.stored?.(base) ?? [],
  };
}

/** Lets others go on between two steps of one call. */
export async function otherTurns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}
