import type { Account } from "./account.js";
import { beginConnecting } from "./connection.js";
import { refuse } from "./failures.js";
import { requestPasskey } from "./passkey.js";
import { startQr } from "./qr.js";
import type { Session } from "./session.js";
import { isoSeconds } from "./wire-time.js";

/** The `data` of a connect answer, the one place where the wire says statuses in upper case. */
export function connect(account: Account, session: Session, linkMethod: "qr" | "passkey"): Record<string, unknown> {
  if (account.weather.dials.plan === "none") refuse("connectWithoutSubscription");
  if (session.status === "connected" || session.status === "connecting") return alreadyConnected;
  if (session.linkedAs !== null) {
    beginConnecting(account, session);
    return alreadyConnected;
  }
  if (linkMethod === "passkey") {
    const { token, expiresAtMs } = requestPasskey(account, session);
    return { status: "NEED_PASSKEY", passkey: { token, expires_at: isoSeconds(expiresAtMs) } };
  }
  return { status: "NEED_SCAN", qrCode: startQr(account, session).code };
}

const alreadyConnected = {
  status: "CONNECTED",
  message: "Session already initialized or connecting. No QR code needed.",
};
