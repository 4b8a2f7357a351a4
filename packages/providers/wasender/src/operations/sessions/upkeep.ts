import type { Operation } from "@colloquy/core/contract";
import { z } from "zod";
import { decodeBody } from "../../decode.js";
import { invalidInput, type SessionTarget, sessionParams } from "../../input.js";

const saidShape = z.looseObject({ message: z.string().optional().catch(undefined) });
const keyShape = z.looseObject({ api_key: z.string().min(1) });

export const restart: Operation<SessionTarget, { readonly message?: string }> = {
  name: "sessions.restart",
  summary: "Reconnects a connected session without unlinking it. Refused while it is down.",
  method: "POST",
  path: "/whatsapp-sessions/{id}/restart",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: [],
  encode: (input, context) => ({ params: sessionParams("sessions.restart", input, context) }),
  decode: (response) => {
    const { message } = decodeBody("sessions.restart", saidShape, response);
    return message === undefined ? {} : { message };
  },
};

/** Asks to be told that this is meant: whoever else uses the old key is locked out at once. */
export interface RegenerateKeyInput extends SessionTarget {
  readonly oldKeyDies: true;
}

export const regenerateKey: Operation<RegenerateKeyInput, { readonly apiKey: string }> = {
  name: "sessions.regenerateKey",
  summary:
    "Replaces the session's API key; wants `oldKeyDies: true`. The old one dies at once, the new one is stored for the session.",
  method: "POST",
  path: "/whatsapp-sessions/{id}/regenerate-key",
  credential: "personal_access_token",
  repeatable: "never",
  buckets: [],
  encode: (input, context) => {
    // Callers without types, and those who build their input, are asked too.
    if ((input as Partial<RegenerateKeyInput>).oldKeyDies !== true)
      throw invalidInput("sessions.regenerateKey", [
        {
          field: "oldKeyDies",
          message: "Say `oldKeyDies: true`: whoever else uses the old key is locked out at once.",
        },
      ]);
    return { params: sessionParams("sessions.regenerateKey", input, context) };
  },
  decode: (response) => ({ apiKey: decodeBody("sessions.regenerateKey", keyShape, response).api_key }),
  learn: ({ apiKey }) => ({ secrets: { session_key: apiKey } }),
};
