import { html, raw } from "hono/html";
import type { SessionView } from "../wasender/views.js";
import type { Markup } from "./layout.js";
import { qrSvg } from "./qr-svg.js";

/** The code of a session with the time that it has left, or a word on why there is none. */
export async function pairingPanel(session: SessionView, nowMs: number, lifetimeMs: number): Promise<Markup> {
  const { qrCode, qrExpiresAtMs } = session;
  if (qrCode === null || qrExpiresAtMs === null) return html`<div class="qr"><p>${withoutCode(session)}</p></div>`;
  return html`<div class="qr" role="img" aria-label="QR code">${raw(await qrSvg(qrCode))}</div>
<div class="bar"><i data-remaining-ms="${qrExpiresAtMs - nowMs}" data-lifetime-ms="${lifetimeMs}"></i></div>`;
}

/** What the person who holds the phone can do with a code; nothing without one. */
export function scanForm(session: SessionView): Markup {
  if (session.qrCode === null) return html``;
  return html`<form data-act="/control/wasender/sessions/${session.id}/scan">
<input name="phoneNumber" placeholder="${session.phoneNumber}" aria-label="Phone number that scans" inputmode="tel">
<button class="main">Scan</button>
</form>
<p class="soft" style="margin-top: 8px">Leave the number empty to scan with the session's own phone.</p>`;
}

function withoutCode({ status, linkedAs, networkUp }: SessionView): string {
  if (linkedAs !== null) return networkUp ? `Linked to +${linkedAs}` : `Linked to +${linkedAs}, without network`;
  if (status === "disconnected") return "No code yet: call connect";
  if (status === "expired") return "The code expired: call connect again";
  if (status === "logged_out") return "Logged out: call connect again";
  return `No code: ${status}`;
}

export function statusPill({ status }: SessionView): Markup {
  return html`<span class="pill ${status}">${status}</span>`;
}
