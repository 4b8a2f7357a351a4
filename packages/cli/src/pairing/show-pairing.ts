import type { Session } from "@colloquy/core";
import type { PairingView } from "./pairing-view.js";

/** Feeds a view with the challenges of a pairing and with what becomes of it. Resolves when connected, with the number of codes. */
export async function showPairing(session: Session, view: PairingView, signal: AbortSignal): Promise<number> {
  let codes = 0;
  const stop = new AbortController();
  const states = followStates(session, view, stop.signal);
  try {
    for await (const challenge of session.pair({ signal })) {
      codes += 1;
      view.show(challenge);
    }
    return codes;
  } finally {
    stop.abort();
    await states;
  }
}

async function followStates(session: Session, view: PairingView, signal: AbortSignal): Promise<void> {
  for await (const event of session.events({ types: ["state"], signal }))
    if (event.type === "state") view.state(event.to, event.reason);
}
