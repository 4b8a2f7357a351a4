import type { Operation, WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody, optionalText } from "../../decode.js";
import { requiredText, type SessionTarget, sessionParams } from "../../input.js";
import { writtenInstantMs } from "../../timestamps.js";

/** What a browser needs to make a passkey assertion. The token is a secret with a short life. */
export interface PasskeyRequest {
  readonly token: string;
  readonly requestId?: string;
  readonly expiresAtMs?: number;
  /** Left when the answer came. */
  readonly lifetimeMs?: number;
}

interface WirePasskey {
  readonly token: string;
  readonly requestId?: string | undefined;
  readonly expires_at?: string | undefined;
}

export const passkeyShape: z.ZodType<WirePasskey> = z.looseObject({
  token: z.string().min(1),
  requestId: optionalText,
  expires_at: optionalText,
});
const tokenShape = z.looseObject({ data: passkeyShape });
const acceptedShape = z.looseObject({ status: z.string().min(1) });

export function passkeyOf(found: WirePasskey, response: WireResponse): PasskeyRequest {
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
