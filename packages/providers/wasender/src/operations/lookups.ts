import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../decode.js";
import { requiredText } from "../input.js";
import { phoneOfJid, toJid } from "../phone.js";

export interface LookupInput {
  /** Phone number in E.164, JID, LID, or for usernames `@handle`. */
  readonly contact: string;
}

const existsShape = z.looseObject({ data: z.looseObject({ exists: z.boolean() }) });
const usernameShape = z.looseObject({ data: z.looseObject({ jid: optionalText, username: optionalText }) });
const lidShape = z.looseObject({ data: z.looseObject({ lid: z.string().min(1) }) });
const phoneShape = z.looseObject({ data: z.looseObject({ pn: optionalText }) });

export const onWhatsApp: Operation<LookupInput, { readonly exists: boolean }> = {
  name: "lookups.onWhatsApp",
  summary: "Whether a number has WhatsApp.",
  method: "GET",
  path: "/on-whatsapp/{contact}",
  credential: "session_key",
  repeatable: "always",
  buckets: ["on_whatsapp"],
  encode: ({ contact }) => ({ params: { contact: requiredText("lookups.onWhatsApp", "contact", contact) } }),
  decode: (response) => ({ exists: decodeBody("lookups.onWhatsApp", existsShape, response).data.exists }),
};

export const username: Operation<LookupInput, { readonly jid?: string; readonly username?: string }> = {
  name: "lookups.username",
  summary: "Username and JID of a contact, by either.",
  method: "GET",
  path: "/fetch-username/{contact}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ contact }) => ({ params: { contact: requiredText("lookups.username", "contact", contact) } }),
  decode: (response) => {
    const { jid, username: name } = decodeBody("lookups.username", usernameShape, response).data;
    return { ...(jid === undefined ? {} : { jid }), ...(name === undefined ? {} : { username: name }) };
  },
};

export const lidFromPhone: Operation<{ readonly phone: string }, { readonly lid: string }> = {
  name: "lookups.lidFromPhone",
  summary: "The LID behind a phone number or user JID.",
  method: "GET",
  path: "/lid-from-pn/{phone}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ phone }) => ({ params: { phone: toJid(requiredText("lookups.lidFromPhone", "phone", phone)) } }),
  decode: (response) => ({ lid: decodeBody("lookups.lidFromPhone", lidShape, response).data.lid }),
};

export interface PhoneOfLid {
  /** Absent when WhatsApp does not tell the number, which is no error. */
  readonly jid?: string;
  readonly phone?: string;
}

export const phoneFromLid: Operation<{ readonly lid: string }, PhoneOfLid> = {
  name: "lookups.phoneFromLid",
  summary: "The phone number behind a LID, when WhatsApp tells it.",
  method: "GET",
  path: "/pn-from-lid/{lid}",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ lid }) => ({ params: { lid: requiredText("lookups.phoneFromLid", "lid", lid) } }),
  decode: (response) => {
    const jid = decodeBody("lookups.phoneFromLid", phoneShape, response).data.pn;
    if (jid === undefined) return {};
    const phone = phoneOfJid(jid);
    return { jid, ...(phone === undefined ? {} : { phone }) };
  },
};

export type LookupOperations = {
  readonly onWhatsApp: typeof onWhatsApp;
  readonly username: typeof username;
  readonly lidFromPhone: typeof lidFromPhone;
  readonly phoneFromLid: typeof phoneFromLid;
};

export const lookups: LookupOperations = { onWhatsApp, username, lidFromPhone, phoneFromLid };
