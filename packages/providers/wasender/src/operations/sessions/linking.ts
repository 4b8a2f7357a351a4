import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../../decode.js";
import { type SessionTarget, sessionParams } from "../../input.js";
import { type PasskeyRequest, passkeyOf, passkeyShape } from "./passkey.js";

export type LinkMethod = "qr" | "passkey";

export interface ConnectAnswer {
  /** In lower case: `need_scan`, `need_passkey` or `connected`. The last one is also said while it is still connecting. */
  readonly status: string;
  /** Raw text to draw as a QR code. A secret: whoever scans it links the session. */
  readonly qrCode?: string;
  readonly passkey?: PasskeyRequest;
}

const text = z.string().min(1);
const connectShape = z.looseObject({
  data: z.looseObject({
    status: text,
    qrCode: text.optional().catch(undefined),
    passkey: passkeyShape.optional().catch(undefined),
  }),
});
const qrShape = z.looseObject({ data: z.looseObject({ qrCode: text }) });
const disconnectShape = z.looseObject({ data: z.looseObject({ status: text }) });

export const connect: Operation<SessionTarget & { readonly linkMethod?: LinkMethod }, ConnectAnswer> = {
  name: "sessions.connect",
  summary: "Brings a session online, or begins linking it. Asking again answers with the same attempt.",
  method: "POST",
  path: "/whatsapp-sessions/{id}/connect",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({
    params: sessionParams("sessions.connect", input, context),
    ...(input.linkMethod === undefined
      ? {}
      : { body: { kind: "json" as const, value: { linkMethod: input.linkMethod } } }),
  }),
  decode: (response) => {
    const { status, qrCode, passkey } = decodeBody("sessions.connect", connectShape, response).data;
    return {
      status: status.toLowerCase(),
      ...(qrCode === undefined ? {} : { qrCode }),
      ...(passkey === undefined ? {} : { passkey: passkeyOf(passkey, response) }),
    };
  },
};

export const qrCode: Operation<SessionTarget, { readonly qrCode: string }> = {
  name: "sessions.qrCode",
  summary: "The raw text of the QR code on show; `connect` must have come first. A code lives 45 s.",
  method: "GET",
  path: "/whatsapp-sessions/{id}/qrcode",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.qrCode", input, context) }),
  decode: (response) => ({ qrCode: decodeBody("sessions.qrCode", qrShape, response).data.qrCode }),
};

export const disconnect: Operation<SessionTarget, { readonly status: string }> = {
  name: "sessions.disconnect",
  summary: "Logs the phone out; only a new pairing brings the session back.",
  method: "POST",
  path: "/whatsapp-sessions/{id}/disconnect",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.disconnect", input, context) }),
  decode: (response) => ({
    status: decodeBody("sessions.disconnect", disconnectShape, response).data.status.toLowerCase(),
  }),
};
