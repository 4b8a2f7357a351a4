import type { Operation, WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../../decode.js";
import { requiredText, type SessionTarget, sessionParams } from "../../input.js";
import { writtenInstantMs } from "../../timestamps.js";

export type LinkMethod = "qr" | "passkey";

/** What a browser needs to make a passkey assertion. The token is a secret with a short life. */
export interface PasskeyRequest {
  readonly token: string;
  readonly requestId?: string;
  readonly expiresAtMs?: number;
  /** Left when the answer came. */
  readonly lifetimeMs?: number;
}

export interface ConnectAnswer {
  /** In lower case: `need_scan`, `need_passkey` or `connected`. The last one is also said while it is still connecting. */
  readonly status: string;
  /** Raw text to draw as a QR code. A secret: whoever scans it links the session. */
  readonly qrCode?: string;
  readonly passkey?: PasskeyRequest;
}

const text = z.string().min(1);
const passkeyShape = z.looseObject({
  token: text,
  requestId: z.string().optional().catch(undefined),
  expires_at: z.string().optional().catch(undefined),
});
const connectShape = z.looseObject({
  data: z.looseObject({
    status: text,
    qrCode: text.optional().catch(undefined),
    passkey: passkeyShape.optional().catch(undefined),
  }),
});
const qrShape = z.looseObject({ data: z.looseObject({ qrCode: text }) });
const tokenShape = z.looseObject({ data: passkeyShape });
const acceptedShape = z.looseObject({ status: text });
const disconnectShape = z.looseObject({ data: z.looseObject({ status: text }) });

function passkeyOf(found: z.infer<typeof passkeyShape>, response: WireResponse): PasskeyRequest {
  const expiresAtMs = writtenInstantMs(found.expires_at);
  const lifetimeMs = expiresAtMs === undefined ? 0 : expiresAtMs - response.receivedAtMs;
  return {
    token: found.token,
    ...(found.requestId === undefined ? {} : { requestId: found.requestId }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    // Not positive when our clock is ahead of the provider's: then it tells nothing.
    ...(lifetimeMs > 0 ? { lifetimeMs } : {}),
  };
}

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

export const passkeyToken: Operation<SessionTarget, PasskeyRequest> = {
  name: "sessions.passkeyToken",
  summary: "The token of the passkey request that is under way.",
  method: "GET",
  path: "/whatsapp-sessions/{id}/passkey-token",
  credential: "personal_access_token",
  repeatable: "always",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.passkeyToken", input, context) }),
  decode: (response) => passkeyOf(decodeBody("sessions.passkeyToken", tokenShape, response).data, response),
};

/** A WebAuthn assertion, its binary parts in base64url as browsers' `toJSON()` gives them. */
export interface PasskeyCredential {
  readonly id: string;
  readonly rawId: string;
  readonly type?: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string;
  };
}

export interface PasskeyResponse {
  readonly token: string;
  readonly requestId: string;
  readonly credential: PasskeyCredential;
}

export const respondToPasskey: Operation<PasskeyResponse, { readonly status: string }> = {
  name: "sessions.respondToPasskey",
  summary: "Hands in the browser's passkey assertion. Carries its own token instead of a credential.",
  method: "POST",
  path: "/passkey/response",
  credential: "none",
  repeatable: "never",
  buckets: [],
  encode: ({ token, requestId, credential }) => {
    const { id, rawId, response } = credential;
    const { clientDataJSON, authenticatorData, signature, userHandle } = response;
    const answer = {
      clientDataJSON,
      authenticatorData,
      signature,
      ...(userHandle === undefined ? {} : { userHandle }),
    };
    return {
      body: {
        kind: "json",
        value: {
          token: requiredText("sessions.respondToPasskey", "token", token),
          requestId: requiredText("sessions.respondToPasskey", "requestId", requestId),
          credential: { id, rawId, type: "public-key", response: answer },
        },
      },
    };
  },
  decode: (response) => ({
    status: decodeBody("sessions.respondToPasskey", acceptedShape, response).status.toLowerCase(),
  }),
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
