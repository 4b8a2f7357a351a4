import { type Answer, answer, dataAnswer, topLevelAnswer } from "../answer.js";
import { logOut, restart } from "../connection.js";
import { refuse } from "../failures.js";
import { connect } from "../pairing.js";
import { answerPasskey, pendingPasskey } from "../passkey.js";
import { currentQr } from "../qr.js";
import { accountRoute, type Call, openRoute, param, type Route } from "../route.js";
import type { Session, SessionSettings } from "../session.js";
import { createSession, deleteSession, regenerateKey, sessionDetail, sessionRow, updateSession } from "../sessions.js";
import { flag, list, oneOf, phone, proxy, type Rule, required, text, url, validate } from "../validation.js";
import { isoSeconds } from "../wire-time.js";

const optionalSettings: Record<string, Rule> = {
  webhook_url: url(),
  webhook_enabled: flag(),
  webhook_events: list(),
  read_incoming_messages: flag(),
  auto_reject_calls: flag(),
  ignore_groups: flag(),
  ignore_channels: flag(),
  ignore_broadcasts: flag(),
  always_online: flag(),
  proxy_url: proxy(),
};

const coreSettings: Record<string, Rule> = {
  name: text(255),
  phone_number: phone(),
  account_protection: flag(),
  log_messages: flag(),
};

const requiredSettings = Object.fromEntries(Object.entries(coreSettings).map(([name, rule]) => [name, required(rule)]));

export const sessionRoutes: Route[] = [
  accountRoute("GET", "/auth-check", () => topLevelAnswer({ message: "Authenticated" })),
  accountRoute("GET", "/whatsapp-sessions", ({ account }) =>
    dataAnswer([...account.sessions.values()].map((session) => sessionRow(account, session))),
  ),
  accountRoute("POST", "/whatsapp-sessions", ({ account, body }) => {
    const chosen: Partial<SessionSettings> = validate(body, { ...requiredSettings, ...optionalSettings });
    const session = createSession(account, chosen);
    return dataAnswer(sessionDetail(account, session), account.weather.dials.createStatus);
  }),
  accountRoute("GET", "/whatsapp-sessions/:id", (call) => dataAnswer(sessionDetail(call.account, named(call)))),
  accountRoute("PUT", "/whatsapp-sessions/:id", update),
  accountRoute("DELETE", "/whatsapp-sessions/:id", (call) => {
    deleteSession(call.account, named(call));
    return call.account.weather.dials.deleteStyle === "204" ? answer(204) : topLevelAnswer({});
  }),
  accountRoute("POST", "/whatsapp-sessions/:id/connect", (call) => {
    const session = named(call);
    const { linkMethod } = validate(call.body, { linkMethod: oneOf("qr", "passkey") });
    return dataAnswer(connect(call.account, session, linkMethod === "passkey" ? "passkey" : "qr"));
  }),
  accountRoute("GET", "/whatsapp-sessions/:id/qrcode", (call) =>
    dataAnswer({ qrCode: currentQr(call.account, named(call)) }),
  ),
  accountRoute("GET", "/whatsapp-sessions/:id/passkey-token", (call) => {
    const { token, expiresAtMs, requestId } = pendingPasskey(call.account, named(call));
    return dataAnswer({ token, expires_at: isoSeconds(expiresAtMs), requestId });
  }),
  openRoute("POST", "/passkey/response", ({ account, body }) => {
    const fields = validate(body, {
      token: required(text()),
      requestId: required(text()),
      "credential.id": required(text()),
      "credential.response.clientDataJSON": required(text()),
      "credential.response.authenticatorData": required(text()),
      "credential.response.signature": required(text()),
    });
    answerPasskey(account, String(fields["token"]), String(fields["requestId"]));
    return topLevelAnswer({ status: "prologue_sent" });
  }),
  accountRoute("POST", "/whatsapp-sessions/:id/disconnect", (call) => {
    logOut(call.account, named(call));
    return dataAnswer({ status: "disconnected", message: "WhatsApp session disconnected successfully" });
  }),
  accountRoute("POST", "/whatsapp-sessions/:id/restart", (call) => {
    restart(call.account, named(call));
    return topLevelAnswer({ message: "WhatsApp session restarted successfully." });
  }),
  accountRoute("POST", "/whatsapp-sessions/:id/regenerate-key", (call) =>
    topLevelAnswer({ api_key: regenerateKey(call.account, named(call)) }),
  ),
];

/** The session that the path names. */
export function named(call: Call): Session {
  return call.account.sessions.get(Number(param(call, "id"))) ?? refuse("sessionNotFound");
}

function update(call: Call): Answer {
  const { account, body } = call;
  const session = named(call);
  const changes: Partial<SessionSettings> = validate(body, { ...coreSettings, ...optionalSettings });
  // Null takes a webhook away; for everything else it means "not given".
  if (isNull(body, "webhook_url")) changes.webhook_url = null;
  if (isNull(body, "webhook_events")) changes.webhook_events = null;
  updateSession(account, session, changes);
  const syncs = Object.keys(changes).some((key) => key.startsWith("webhook_")) && session.status === "connected";
  const warned = syncs && account.weather.dials.webhookSyncFails;
  const warning = "WhatsApp session updated but failed to sync webhook settings: Connection error";
  return topLevelAnswer({ data: sessionDetail(account, session), ...(warned ? { warning } : {}) });
}

const isNull = (body: unknown, key: string): boolean =>
  typeof body === "object" && body !== null && (body as Record<string, unknown>)[key] === null;
