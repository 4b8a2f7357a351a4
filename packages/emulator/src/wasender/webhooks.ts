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

  const parcel = {
    sessionId: session.id,
    event,
    url: settings.webhook_url,
    body: envelopeOf(account, event, data, session.apiKey),
    // The provider proves itself with the secret as it is, not with a digest.
    signature: session.webhookSecret,
    forged: false,
  };
  const delayMs = (): number =>
    dials.webhookDelayMs + (dials.webhookShuffle ? 1 + account.random.integer(shuffleSpanMs) : 0);
  if (dials.webhookForge) {
    const body = envelopeOf(account, event, data, account.random.hex(64));
    const signature = dials.forgedSignature === "wrong" ? account.random.hex(32) : null;
    account.courier.send({ ...parcel, body, signature, forged: true }, delayMs());
  }
  account.courier.send(parcel, delayMs());
  if (account.random.next() < dials.webhookDoubleRate) account.courier.send(parcel, delayMs());
}

/** The session is named by its API key, beside the data or, in the older form of `session.status`, inside of it. */
function envelopeOf(account: Account, event: string, data: unknown, apiKey: string): Record<string, unknown> {
  const { oldSessionStatus } = account.weather.dials;
  const timestamp = timestampOf(account, event);
  if (event === "session.status" && oldSessionStatus && typeof data === "object")
    return { event, timestamp, data: { ...structuredClone(data), session_id: apiKey } };
  return { event, timestamp, sessionId: apiKey, data: structuredClone(data) };
}

function timestampOf({ clock, weather }: Account, event: string): number {
  const { webhookTimestampUnit } = weather.dials;
  const isMs =
    webhookTimestampUnit === "milliseconds" || (webhookTimestampUnit === "documented" && millisecondEvents.has(event));
  return isMs ? clock.now() : Math.floor(clock.now() / 1000);
}
