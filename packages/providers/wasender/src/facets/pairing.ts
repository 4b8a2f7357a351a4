import {
  ColloquyError,
  call,
  type JsonValue,
  type PairingFacet,
  type Procedure,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { z } from "zod";
import { openSession, probeSession } from "../lifecycle.js";
import type { LinkMethod } from "../operations/sessions/linking.js";
import type { PasskeyResponse } from "../operations/sessions/passkey.js";
import { sessions } from "../operations/sessions.js";

/** Words after which no code is on show any more, so a new attempt must be asked for. */
const attemptIsOver: ReadonlySet<string> = new Set([
  "disconnected",
  "expired",
  "logged_out",
  "timeout",
  "need_scan",
  "need_passkey",
]);

const text = z.string().min(1);
const credential = z.looseObject({
  id: text,
  rawId: text,
  response: z.looseObject({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional().catch(undefined),
  }),
});
const responseShape = z.union([
  z.looseObject({ credential, token: text.optional(), requestId: text.optional() }),
  credential.transform((found) => ({ credential: found, token: undefined, requestId: undefined })),
]);

/** Links by QR code or passkey. */
export function pairingFacet(linkMethod: LinkMethod | undefined): PairingFacet {
  return {
    kinds: ["qr", "passkey"],
    *refresh(context) {
      const now = yield* probeSession(context);
      if (now.challenge || !attemptIsOver.has(now.word)) return now;
      return yield* openSession(context, true, linkMethod);
    },
    respond: respondToChallenge,
  };
}

/**
 * Hands in a passkey assertion: the browser's credential itself, or `{ credential, token, requestId }`. What is missing of
 * the last two is asked for.
 */
export function* respondToChallenge(
  context: SessionContext,
  response: Readonly<Record<string, JsonValue>>,
): Procedure<RemoteSignal> {
  const given = responseShape.safeParse(response);
  if (!given.success)
    throw invalidResponse("response", "Must be a passkey credential as a browser's toJSON() gives it.");
  const { token, requestId } =
    given.data.token !== undefined && given.data.requestId !== undefined
      ? given.data
      : { ...(yield* call(sessions.passkeyToken, { id: context.remoteId })), ...withoutAbsent(given.data) };
  if (token === undefined || requestId === undefined)
    throw invalidResponse("requestId", "The provider did not tell it; pass it with the credential.");
  const { credential: assertion } = given.data;
  const answer: PasskeyResponse = { token, requestId, credential: toCredential(assertion) };
  const { status } = yield* call(sessions.respondToPasskey, answer);
  return { source: "reply", word: status };
}

function withoutAbsent({
  token,
  requestId,
}: {
  readonly token?: string | undefined;
  readonly requestId?: string | undefined;
}): {
  readonly token?: string;
  readonly requestId?: string;
} {
  return { ...(token === undefined ? {} : { token }), ...(requestId === undefined ? {} : { requestId }) };
}

function toCredential({ id, rawId, response }: z.infer<typeof credential>): PasskeyResponse["credential"] {
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId,
    response: { clientDataJSON, authenticatorData, signature, ...(userHandle === undefined ? {} : { userHandle }) },
  };
}

function invalidResponse(field: string, message: string): ColloquyError {
  return new ColloquyError({
    code: "INPUT_INVALID",
    message: `${field}: ${message}`,
    providerId: "wasender",
    fieldErrors: { [field]: [message] },
  });
}
