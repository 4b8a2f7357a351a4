import { onAbort } from "../transport/abort-listener.js";
import { PieceBuffer } from "./piece-buffer.js";
import type { Turn, TurnResult } from "./turn.js";

/** Starts a turn and gives the handle on it. What `run` throws at once is a rejection like any other. */
export function startTurn(
  requestId: string,
  callersSignal: AbortSignal | undefined,
  run: (pieces: PieceBuffer, signal: AbortSignal) => Promise<TurnResult>,
): Turn {
  const stopping = new AbortController();
  // Whoever leaves the loop wants no more of the answer; whoever is told to stop must not wait for a reader.
  const pieces = new PieceBuffer(() => stopping.abort());
  const abort = (reason?: unknown): void => {
    stopping.abort(reason);
    pieces.release();
  };
  const stopListening = onAbort(callersSignal, () => abort(callersSignal?.reason));
  if (callersSignal?.aborted) abort(callersSignal.reason);
  const settled = (async () => run(pieces, stopping.signal))().then(
    (result) => {
      pieces.close();
      return result;
    },
    (error: unknown) => {
      pieces.close({ error: error instanceof Error ? error : new Error("The turn failed.", { cause: error }) });
      throw error;
    },
  );
  void settled.then(stopListening, stopListening);
  return Object.assign(settled, {
    requestId,
    abort,
    [Symbol.asyncIterator]: () => pieces[Symbol.asyncIterator](),
  });
}
