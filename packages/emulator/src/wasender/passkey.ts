import type { Account } from "./account.js";
import { changeStatus, link } from "./connection.js";
import { refuse } from "./failures.js";
import { digitsOf } from "./jid.js";
import { startQr } from "./qr.js";
import { type PasskeyRequest, type Session, setSessionTimer } from "./session.js";
import { emitWebhook } from "./webhooks.js";
import { isoSeconds } from "./wire-time.js";

/** Asks for a passkey; when it is not answered in time, or the dial says so, a QR code takes its place. */
export function requestPasskey(account: Account, session: Session): PasskeyRequest {
  const { passkeyLifetimeMs, passkeyFallback, connectDelayMs } = account.weather.dials;
  const expiresAtMs = account.clock.now() + passkeyLifetimeMs;
  const request = { token: account.random.hex(48), requestId: account.random.uuid(), expiresAtMs };
  session.passkey = request;
  session.qr = null;
  changeStatus(account, session, "need_passkey");
  emitStage(account, session, "request", request);
  const fallBack = (): void => {
    emitStage(account, session, "fallback_qr", request);
    startQr(account, session);
  };
  const delayMs = passkeyFallback ? Math.max(1, connectDelayMs) : passkeyLifetimeMs;
  setSessionTimer(session, "passkey", account.timers.after(delayMs, fallBack));
  return request;
}

export function pendingPasskey(account: Account, session: Session): PasskeyRequest {
  const { passkey } = session;
  if (passkey === null || account.clock.now() >= passkey.expiresAtMs) return refuse("passkeyNotRequested");
  return passkey;
}

/** Takes the browser's answer. The credential itself is not checked: there is no authenticator to check it with. */
export function answerPasskey(account: Account, token: string, requestId: string): void {
  const session = [...account.sessions.values()].find((candidate) => candidate.passkey?.token === token);
  if (session?.passkey?.requestId !== requestId || account.clock.now() >= session.passkey.expiresAtMs) {
    return refuse("passkeyTokenInvalid");
  }
  emitStage(account, session, "confirmation", session.passkey);
  link(account, session, digitsOf(session.settings.phone_number));
}

function emitStage(account: Account, session: Session, stage: string, request: PasskeyRequest): void {
  const expiresAt = isoSeconds(request.expiresAtMs);
  const code = stage === "confirmation" ? account.random.digits(8) : null;
  const data = { stage, token: request.token, expiresAt, requestId: request.requestId, code, error: null };
  emitWebhook(account, session, "passkey.updated", data);
}
