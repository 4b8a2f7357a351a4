import type { Account } from "./account.js";
import type { Session } from "./session.js";

/** Events whose envelope carries milliseconds; all others carry seconds. */
const millisecondEvents = new Set(["messages.update", "message-receipt.update", "poll.results"]);

/** The span over which shuffled webhooks are spread. */
const shuffleSpanMs = 400;

/** Tells the session's receiver, if it wants to hear of such events. */
export function emitWebhook(account: Account, session: Session, event: string, data: unknown): void {
  const { settings } = session;
  const { dials } = account.weather;
  // What was still under way when the session was deleted is told to nobody.
  if (account.sessions.get(session.id) !== session) return;
  if (!settings.webhook_enabled || settings.webhook_url === null || dials.deafConnection) return;
  if (!settings.webhook_events?.includes(event)) return;

  const nowMs = account.clock.now();
  const timestamp = millisecondEvents.has(event) ? nowMs : Math.floor(nowMs / 1000);
  const parcel = {
    sessionId: session.id,
    event,
    url: settings.webhook_url,
    body: { event, timestamp, sessionId: session.apiKey, data: structuredClone(data) },
    // The provider proves itself with the secret as it is, not with a digest.
    signature: session.webhookSecret,
    forged: false,
  };
  const delayMs = (): number =>
    dials.webhookDelayMs + (dials.webhookShuffle ? 1 + account.random.integer(shuffleSpanMs) : 0);
  if (dials.webhookForge) {
    const body = { ...parcel.body, sessionId: account.random.hex(64) };
    account.courier.send({ ...parcel, body, signature: account.random.hex(32), forged: true }, delayMs());
  }
  account.courier.send(parcel, delayMs());
  if (account.random.next() < dials.webhookDoubleRate) account.courier.send(parcel, delayMs());
}
