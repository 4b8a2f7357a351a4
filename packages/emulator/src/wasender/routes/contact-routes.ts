import { dataAnswer } from "../answer.js";
import { type Contact, contactDetail, contactRow, findContact, keepContact, renameContact } from "../contacts.js";
import { listOrPage } from "../paginator.js";
import { param, phoneRoute, type Route, type SessionCall } from "../route.js";
import { flag, required, text, validate } from "../validation.js";

export const contactRoutes: Route[] = [
  phoneRoute("GET", "/contacts", ({ session, query }) =>
    dataAnswer(listOrPage([...session.contacts.values()].map(contactRow), query)),
  ),
  phoneRoute("PUT", "/contacts", ({ account, session, body }) => {
    const fields = validate(body, { jid: required(text()), fullName: text(), saveOnPrimaryAddressbook: flag() });
    const fullName = typeof fields["fullName"] === "string" ? fields["fullName"] : null;
    const { jid } = renameContact(account, session, String(fields["jid"]), fullName);
    return dataAnswer({ jid, fullName });
  }),
  phoneRoute("GET", "/contacts/:identifier", (call) => dataAnswer(contactDetail(found(call)))),
  phoneRoute(
    "GET",
    "/contacts/:identifier/picture",
    (call) => dataAnswer({ imgUrl: found(call).imgUrl }),
    "contactPicture",
  ),
  phoneRoute("POST", "/contacts/:identifier/block", (call) => {
    kept(call).blocked = true;
    return dataAnswer({ message: "Contact blocked" });
  }),
  phoneRoute("POST", "/contacts/:identifier/unblock", (call) => {
    kept(call).blocked = false;
    return dataAnswer({ message: "Contact unblocked" });
  }),
];

const found = (call: SessionCall): Contact => findContact(call.account, call.session, param(call, "identifier"));

const kept = (call: SessionCall): Contact => keepContact(call.account, call.session, param(call, "identifier"));
