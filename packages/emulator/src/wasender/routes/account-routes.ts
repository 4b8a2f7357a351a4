import { answer, dataAnswer } from "../answer.js";
import { findContact, isOnWhatsapp, phoneOfLid, resolveJid } from "../contacts.js";
import { refuse } from "../failures.js";
import { digitsOf, isGroupJid, isUserJid, lidOf, userJid } from "../jid.js";
import { ownDigits } from "../message.js";
import { param, phoneRoute, type Route, type SessionCall, sessionRoute } from "../route.js";
import { integer, oneOf, required, text, validate } from "../validation.js";

/** What a session knows of itself and of other people's addresses. */
export const accountRoutes: Route[] = [
  // The one success without a `success` key.
  sessionRoute("GET", "/status", ({ account, session }) =>
    answer(200, { status: account.weather.dials.statusSequence.shift() ?? session.status }),
  ),
  phoneRoute("GET", "/user", ({ session }) => {
    const digits = ownDigits(session);
    return dataAnswer({ id: `${digits}:12@s.whatsapp.net`, name: session.settings.name, lid: lidOf(digits) });
  }),
  phoneRoute("POST", "/send-presence-update", ({ body }) => {
    const { jid, type } = validate(body, {
      jid: required(text()),
      type: required(oneOf("composing", "recording", "available", "unavailable", "paused")),
      delayMs: integer(),
    });
    const address = String(jid);
    if (!isUserJid(address) && !isGroupJid(address)) refuse("presenceBadJid");
    return dataAnswer({ jid, type });
  }),
  phoneRoute(
    "GET",
    "/on-whatsapp/:identifier",
    (call) => {
      const jid = resolved(call);
      return dataAnswer({ exists: jid !== undefined && isOnWhatsapp(call.account, jid) });
    },
    "onWhatsapp",
  ),
  phoneRoute("GET", "/fetch-username/:identifier", (call) => {
    const { jid, username } = findContact(call.account, call.session, param(call, "identifier"));
    return dataAnswer({ jid, username });
  }),
  phoneRoute("GET", "/lid-from-pn/:identifier", (call) => {
    const jid = resolved(call);
    if (jid === undefined || !isOnWhatsapp(call.account, jid)) return refuse("contactNotFound");
    return dataAnswer({ lid: lidOf(digitsOf(jid)) });
  }),
  phoneRoute("GET", "/pn-from-lid/:identifier", (call) => {
    const { account, session } = call;
    const lid = param(call, "identifier");
    const own = ownDigits(session);
    const pn = lid === lidOf(own) ? userJid(own) : phoneOfLid(account, session, lid);
    return dataAnswer({ pn: pn ?? refuse("pnNotFound") });
  }),
];

const resolved = (call: SessionCall): string | undefined =>
  resolveJid(call.account, call.session, param(call, "identifier"));
