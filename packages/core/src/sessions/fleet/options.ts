import { ColloquyError, type ProviderId, type SessionId } from "../../contract/index.js";
import type { Member } from "../../store/store.js";

/** What a worker tells of itself while it runs. */
export type WorkerEvent =
  | { readonly type: "gained"; readonly sessionId: SessionId; readonly epoch: number }
  /** The lease ran out, or somebody else wrote the session: it was let go at once. */
  | { readonly type: "lost"; readonly sessionId: SessionId; readonly epoch: number }
  | { readonly type: "handed_over"; readonly sessionId: SessionId; readonly to: string | undefined }
  | { readonly type: "failed"; readonly sessionId: SessionId; readonly error: ColloquyError }
  /** The store does not answer. What is held is run until shortly before its lease runs out, then let go. */
  | { readonly type: "store_away"; readonly error: ColloquyError }
  | { readonly type: "store_back" };

export interface WorkerOptions {
  /** Unique among the workers of the store. Default: minted. */
  readonly name?: string;
  /**
   * How long a lease lasts without being renewed, in milliseconds: so long may a session stand still after its worker died.
   * Renewed each third of it; what could not be renewed is let go at four fifths. Default 15,000; at least 1,000.
   */
  readonly leaseMs?: number;
  /** How often to look for sessions that are free or unevenly shared, in milliseconds. Default 2,000. */
  readonly scanMs?: number;
  /** How often to look for what was handed over to this worker or queued by others, in milliseconds. Default 250. */
  readonly watchMs?: number;
  /** How long what is handed over is kept for the next worker, in milliseconds. Default 3,000. */
  readonly offerMs?: number;
  /** Default: as many as its share. */
  readonly maxSessions?: number;
  /** Only sessions of these providers. Default: all that were given to `createColloquy`. */
  readonly providerIds?: readonly ProviderId[];
  /** What `colloquy fleet` shows of it: host, process id. */
  readonly details?: Member["details"];
  /** Must not throw. */
  readonly onEvent?: (event: WorkerEvent) => void;
  /** For tests. Milliseconds of a clock that nobody sets. Default: `performance.now`. */
  readonly steadyNow?: () => number;
}

export interface WorkerSettings extends Required<Omit<WorkerOptions, "providerIds">> {
  readonly providerIds: readonly ProviderId[] | undefined;
}

/** Throws `CONFIG_INVALID`. */
export function settingsOf(given: WorkerOptions, mint: () => string): WorkerSettings {
  const settings: WorkerSettings = {
    name: given.name ?? mint(),
    leaseMs: given.leaseMs ?? 15_000,
    scanMs: given.scanMs ?? 2_000,
    watchMs: given.watchMs ?? 250,
    offerMs: given.offerMs ?? 3_000,
    maxSessions: given.maxSessions ?? Number.POSITIVE_INFINITY,
    providerIds: given.providerIds,
    details: given.details ?? {},
    onEvent: given.onEvent ?? (() => {}),
    steadyNow: given.steadyNow ?? (() => performance.now()),
  };
  if (settings.name === "") throw wrong("`name` must not be empty.");
  if (!(settings.leaseMs >= 1_000)) throw wrong("`leaseMs` must be at least 1,000.");
  for (const name of ["scanMs", "watchMs", "offerMs"] as const)
    if (!(settings[name] > 0)) throw wrong(`\`${name}\` must be more than 0.`);
  if (!(settings.maxSessions >= 0)) throw wrong("`maxSessions` must not be negative.");
  return settings;
}

function wrong(message: string): ColloquyError {
  return new ColloquyError({ code: "CONFIG_INVALID", message: `work: ${message}` });
}
