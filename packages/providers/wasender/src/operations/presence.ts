import type { Operation, PresenceKind } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../decode.js";
import { invalidInput } from "../input.js";
import { present } from "../json.js";
import { addressKind, toJid } from "../phone.js";

export interface PresenceInput {
  /** The chat for `composing`, `recording` and `paused`; the own account for `available` and `unavailable`. */
  readonly chatId: string;
  readonly kind: PresenceKind;
  /** How long the provider waits before it shows it. Default: the provider's. */
  readonly delayMs?: number;
}

const shape = z.looseObject({ data: z.looseObject({ jid: optionalText, type: optionalText }) });

export const set: Operation<PresenceInput, { readonly chatId?: string; readonly kind?: string }> = {
  name: "presence.set",
  summary: "Shows typing or recording in a chat, or the own account as available.",
  method: "POST",
  path: "/send-presence-update",
  credential: "session_key",
  repeatable: "always",
  buckets: [],
  encode: ({ chatId, kind, delayMs }) => {
    if (addressKind(chatId) === undefined)
      throw invalidInput("presence.set", [{ field: "chatId", message: "Must be a phone number in E.164 or a JID." }]);
    return { body: { kind: "json", value: present({ jid: toJid(chatId), type: kind, delayMs }) } };
  },
  decode: (response) => {
    const { jid, type } = decodeBody("presence.set", shape, response).data;
    return { ...(jid === undefined ? {} : { chatId: jid }), ...(type === undefined ? {} : { kind: type }) };
  },
};

export type PresenceOperations = { readonly set: typeof set };

export const presence: PresenceOperations = { set };
