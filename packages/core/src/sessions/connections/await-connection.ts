import { abortReason, type Clock, type Timer } from "../../clock.js";
import { type AnyProvider, ColloquyError, type Connection } from "../../contract/index.js";
import type { SessionRecord } from "../../store/store.js";
import { unreachable, type WaitOptions } from "../waiting.js";

/** What a provider's connections offer. */
export type SurfaceOf<P extends AnyProvider> = Exclude<NonNullable<P["facets"]["connect"]>["surface"], undefined>;

/** The session whose line is awaited. */
export interface LineHolder {
  readonly record: SessionRecord;
  readonly stopped: ColloquyError | undefined;
  readonly heldConnection: Connection | undefined;
  canReach(state: "connected" | "waiting"): boolean;
  onChange(listener: () => void): () => void;
}

/** The connection once it stands and the session counts on it; rejects at once when neither can come without a new command. */
export function awaitConnection(holder: LineHolder, clock: Clock, options: WaitOptions = {}): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let timer: Timer | undefined;
    let unsubscribe = (): void => {};
    const { signal, timeoutMs } = options;
    const finish = (settle: () => void): void => {
      timer?.cancel();
      unsubscribe();
      signal?.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(abortReason(signal as AbortSignal)));
    const look = (): boolean => {
      const { stopped, record, heldConnection } = holder;
      if (stopped) finish(() => reject(stopped));
      else if (heldConnection && stands(record)) finish(() => resolve(heldConnection));
      else if (!holder.canReach("connected") && !holder.canReach("waiting"))
        finish(() => reject(unreachable(record, ["connected"])));
      else return false;
      return true;
    };
    if (signal?.aborted) return onAbort();
    if (look()) return;
    unsubscribe = holder.onChange(look);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs !== undefined)
      timer = clock.setTimer(clock.now() + timeoutMs, () => finish(() => reject(timedOut(holder.record, timeoutMs))));
  });
}

/** A dropped line is no line, also while the session waits through the break. */
function stands({ lifecycle: { state, timers } }: SessionRecord): boolean {
  return (state === "connected" || state === "waiting") && timers.reconnectDue === undefined;
}

function timedOut({ id, providerId, lifecycle }: SessionRecord, timeoutMs: number): ColloquyError {
  return new ColloquyError({
    code: "WAIT_TIMEOUT",
    message: `There is no connection after ${timeoutMs} ms: the session is ${lifecycle.state}.`,
    sessionId: id,
    providerId,
  });
}
