import type { IssuedChallenge, RemoteSignal } from "@colloquy/core/contract";
import type { ConnectAnswer } from "./operations/sessions/linking.js";
import type { PasskeyRequest } from "./operations/sessions/passkey.js";

/** The QR text as a challenge. Its life is the manifest's `challengeLifetimeMs`. */
export function qrChallenge(artefact: string): IssuedChallenge {
  return { kind: "qr", artefact };
}

export function passkeyChallenge({ token, lifetimeMs }: Pick<PasskeyRequest, "token" | "lifetimeMs">): IssuedChallenge {
  return { kind: "passkey", artefact: token, ...(lifetimeMs === undefined ? {} : { lifetimeMs }) };
}

/** What a connect answer says, with the challenge it may carry. */
export function signalOfConnect({ status, qrCode, passkey }: ConnectAnswer): RemoteSignal {
  if (passkey) return { source: "reply", word: status, challenge: passkeyChallenge(passkey) };
  return { source: "reply", word: status, ...(qrCode === undefined ? {} : { challenge: qrChallenge(qrCode) }) };
}
