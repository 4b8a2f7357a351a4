import type { Account } from "./account.js";
import { changeStatus, link } from "./connection.js";
import { refuse } from "./failures.js";
import { digitsOf } from "./jid.js";
import { cancelSessionTimers, type Session, type ShownQr, setSessionTimer } from "./session.js";
import { emitWebhook } from "./webhooks.js";

/** Shows a code to scan; one that is still fresh stays. */
export function startQr(account: Account, session: Session): ShownQr {
  const shown = freshQr(account, session);
  if (shown !== null) return shown;
  cancelSessionTimers(session, "passkey");
  session.passkey = null;
  changeStatus(account, session, "connecting");
  changeStatus(account, session, "need_scan");
  const first = showQr(account, session, 0);
  const { scanAfterMs, nobodyScans } = account.weather.dials;
  if (scanAfterMs !== null && !nobodyScans) {
    const scanIfShown = (): void => {
      if (freshQr(account, session) !== null) scan(account, session);
    };
    setSessionTimer(session, "scan", account.timers.after(scanAfterMs, scanIfShown));
  }
  return first;
}

/** The code on show, or null when the session has none. */
function freshQr(account: Account, session: Session): ShownQr | null {
  if (session.status !== "need_scan" || session.qr === null) return null;
  return account.clock.now() < session.qr.expiresAtMs ? session.qr : refreshQr(account, session, session.qr);
}

/** The current code for `GET qrcode`. */
export function currentQr(account: Account, session: Session): string {
  const shown = freshQr(account, session);
  if (shown !== null) return shown.code;
  return refuse(session.status === "expired" ? "qrNotAvailable" : "qrNotInitialised");
}

/** A person holds a phone to the code. Without a number it is the phone that the dials say. */
export function scan(account: Account, session: Session, phoneNumber?: string): void {
  if (freshQr(account, session) === null) {
    throw new Error(`Session ${session.id} shows no QR code to scan: its status is "${session.status}".`);
  }
  const { scanAs, wrongPhone } = account.weather.dials;
  const own = digitsOf(session.settings.phone_number);
  const digits = digitsOf(phoneNumber ?? scanAs ?? own);
  link(account, session, wrongPhone && digits === own ? otherNumber(own) : digits);
}

/** Some number that is not this one, but looks like it. */
function otherNumber(digits: string): string {
  const last = Number(digits.slice(-1));
  return `${digits.slice(0, -1)}${(last + 1) % 10}`;
}

function showQr(account: Account, session: Session, refreshes: number): ShownQr {
  const nowMs = account.clock.now();
  const { qrLifetimeMs } = account.weather.dials;
  const shown = { code: pairingString(account), shownAtMs: nowMs, expiresAtMs: nowMs + qrLifetimeMs, refreshes };
  session.qr = shown;
  setSessionTimer(
    session,
    "qr",
    account.timers.after(qrLifetimeMs, () => refreshQr(account, session, shown)),
  );
  return shown;
}

function refreshQr(account: Account, session: Session, old: ShownQr): ShownQr | null {
  if (session.qr !== old || session.status !== "need_scan") return session.qr;
  const { qrRefreshLimit } = account.weather.dials;
  if (qrRefreshLimit !== null && old.refreshes >= qrRefreshLimit) {
    session.qr = null;
    cancelSessionTimers(session, "qr", "scan");
    changeStatus(account, session, "expired");
    return null;
  }
  const shown = showQr(account, session, old.refreshes + 1);
  emitWebhook(account, session, "qrcode.updated", { qr: shown.code });
  return shown;
}

/** What WhatsApp encodes in its QR codes: a reference, then three 32-byte keys, in base64. */
function pairingString({ random }: Account): string {
  return `2@${[random.base64(96), random.base64(32), random.base64(32), random.base64(32)].join(",")}`;
}
