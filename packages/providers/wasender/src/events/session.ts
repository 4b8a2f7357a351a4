import type { ReadDelivery, RemoteSignal } from "@colloquy/core/contract";
import { recordAt, textAt } from "../json.js";
import { passkeyChallenge, qrChallenge } from "../signals.js";
import { writtenInstantMs } from "../timestamps.js";
import type { Envelope } from "./envelope.js";

const signalled = (signal: RemoteSignal): ReadDelivery => ({ events: [], signals: [signal] });

/** Events about the session itself become signals; `undefined` for every other event. */
export function readSessionEvent(envelope: Envelope, occurrenceId: () => string): ReadDelivery | undefined {
  switch (envelope.event) {
    case "session.status": {
      const word = textAt(envelope.data, "status");
      return word === undefined ? undefined : signalled({ source: "event", word });
    }
    case "qrcode.updated": {
      // Here the key is `qr`; in answers it is `qrCode`.
      const artefact = textAt(envelope.data, "qr");
      return artefact === undefined
        ? undefined
        : signalled({ source: "event", word: "need_scan", challenge: qrChallenge(artefact) });
    }
    case "passkey.updated":
      return readPasskey(envelope, occurrenceId);
    default:
      return undefined;
  }
}

function readPasskey(
  { event, data, atMs: issuedAtMs, raw }: Envelope,
  occurrenceId: () => string,
): ReadDelivery | undefined {
  const token = textAt(data, "token");
  switch (textAt(data, "stage")) {
    case "request": {
      if (token === undefined) return undefined;
      const expiresAtMs = writtenInstantMs(textAt(data, "expiresAt"));
      const lifetimeMs = issuedAtMs === undefined || expiresAtMs === undefined ? 0 : expiresAtMs - issuedAtMs;
      return signalled({
        source: "event",
        word: "need_passkey",
        challenge: passkeyChallenge({ token, ...(lifetimeMs > 0 ? { lifetimeMs } : {}) }),
      });
    }
    case "confirmation": {
      // The person may have to compare the code, so the event goes on to the caller as well, without the token.
      const shown = { ...raw, data: { ...recordAt(raw, "data"), token: "[redacted]" } };
      const told = { type: "provider", occurrenceId: occurrenceId(), name: event, raw: shown } as const;
      return { events: [told], signals: [{ source: "event", word: "passkey_confirmation" }] };
    }
    case "fallback_qr":
      return signalled({ source: "event", word: "need_scan" });
    case "no_continuation":
      return signalled({ source: "event", word: "passkey_no_continuation" });
    default:
      return undefined;
  }
}
