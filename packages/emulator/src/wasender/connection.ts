import type { Account } from "./account.js";
import { seedContacts } from "./contacts.js";
import { refuse } from "./failures.js";
import { seedGroups } from "./groups.js";
import { deliverInbound } from "./inbound.js";
import { digitsOf } from "./jid.js";
import { logSessionEvent } from "./logs.js";
import { cancelSessionTimers, type Session, setSessionTimer } from "./session.js";
import { emitWebhook } from "./webhooks.js";

/** Moves the session to a status, writes it down and tells the receiver. Nothing happens when it is there already. */
export function changeStatus(account: Account, session: Session, status: string): void {
  if (session.status === status) return;
  const nowMs = account.clock.now();
  session.status = status;
  session.statusAtMs = nowMs;
  session.updatedAtMs = nowMs;
  logSessionEvent(account, session, "status_change");
  emitWebhook(account, session, "session.status", { status });
}

/** `connecting` now and `connected` after the usual delay, while the network is there. */
export function beginConnecting(account: Account, session: Session): void {
  changeStatus(account, session, "connecting");
  if (!session.networkUp) return;
  const finish = (): void => becomeConnected(account, session);
  setSessionTimer(session, "link", account.timers.after(account.weather.dials.connectDelayMs, finish));
}

function becomeConnected(account: Account, session: Session): void {
  session.lastActiveAtMs = account.clock.now();
  changeStatus(account, session, "connected");
  greetPhone(account, session);
  deliverHeld(account, session);
  const { unlinkAfterMs } = account.weather.dials;
  if (unlinkAfterMs === null) return;
  setSessionTimer(
    session,
    "unlink",
    account.timers.after(unlinkAfterMs, () => logOut(account, session)),
  );
}

function deliverHeld(account: Account, session: Session): void {
  for (const inbound of session.heldInbound.splice(0)) deliverInbound(account, session, inbound);
}

/** The phone hands over its address book and its groups when it is linked. */
function greetPhone(account: Account, session: Session): void {
  if (session.contacts.size > 0) return;
  seedContacts(account, session);
  seedGroups(account, session);
}

/** A phone was linked, by a scan or by a passkey. */
export function link(account: Account, session: Session, digits: string): void {
  session.linkedAs = digits;
  session.qr = null;
  session.passkey = null;
  cancelSessionTimers(session, "qr", "scan", "passkey");
  beginConnecting(account, session);
}

/** The link is gone: only a new scan brings it back. */
export function logOut(account: Account, session: Session): void {
  cancelSessionTimers(session);
  const { linkedAs } = session;
  Object.assign(session, { linkedAs: null, qr: null, passkey: null, networkUp: true });
  session.heldInbound.length = 0;
  session.contacts.clear();
  session.unread.clear();
  // A session that was never connected keeps the word of its birth.
  if (linkedAs !== null || session.status !== "disconnected") changeStatus(account, session, "logged_out");
}

export function restart(account: Account, session: Session): void {
  if (session.status !== "connected") refuse("restartWhileDown");
  logSessionEvent(account, session, "session_restarted");
  beginConnecting(account, session);
}

export function dropNetwork(account: Account, session: Session): void {
  if (session.linkedAs === null)
    throw new Error(`Session ${session.id} has no phone linked, so it has no network to lose.`);
  session.networkUp = false;
  cancelSessionTimers(session, "link", "unlink");
  changeStatus(account, session, "connecting");
}

export function restoreNetwork(account: Account, session: Session): void {
  if (session.networkUp) return;
  session.networkUp = true;
  beginConnecting(account, session);
}

/** Forces any word, also one that no documentation knows. */
export function forceStatus(account: Account, session: Session, status: string): void {
  cancelSessionTimers(session);
  session.networkUp = true;
  if (status !== "need_scan") session.qr = null;
  if (status === "logged_out") session.linkedAs = null;
  if (status === "connected") session.linkedAs ??= digitsOf(session.settings.phone_number);
  changeStatus(account, session, status);
  if (status !== "connected") return;
  greetPhone(account, session);
  deliverHeld(account, session);
}
