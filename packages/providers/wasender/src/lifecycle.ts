import {
  type Call,
  ColloquyError,
  call,
  type ErrorCode,
  isColloquyError,
  type Procedure,
  type RemoteSession,
  type RemoteSignal,
  type SessionContext,
} from "@colloquy/core/contract";
import { malformed } from "./decode.js";
import { account, identityOf } from "./operations/account.js";
import type { LinkMethod } from "./operations/sessions/linking.js";
import { secretsOf, settingsOf, type WasenderSessionDetail } from "./operations/sessions/session.js";
import type { WasenderSessionInput } from "./operations/sessions/session-input.js";
import { sessions } from "./operations/sessions.js";
import { normalisePhone } from "./phone.js";
import { passkeyChallenge, qrChallenge, signalOfConnect } from "./signals.js";

/** Makes the session. An answer without the key is completed by reading the session, which documents it. */
export function* createSession(input: WasenderSessionInput): Procedure<RemoteSession> {
  const created = yield* call(sessions.create, input);
  const complete = created.apiKey === undefined ? yield* call(sessions.get, { id: created.id }) : created;
  return remoteSession(complete, input.phoneNumber);
}

export function* attachSession(remoteId: string): Procedure<RemoteSession> {
  return remoteSession(yield* call(sessions.get, { id: remoteId }), undefined);
}

function remoteSession(session: WasenderSessionDetail, phoneNumber: string | undefined): RemoteSession {
  if (session.apiKey === undefined) throw malformed("sessions.get", "missing or wrong: data.api_key");
  const expectedIdentity = normalisePhone(phoneNumber ?? session.phoneNumber ?? "");
  return {
    remoteId: session.id,
    ...(session.name === undefined ? {} : { name: session.name }),
    secrets: secretsOf(session),
    settings: settingsOf(session),
    ...(expectedIdentity === undefined ? {} : { expectedIdentity }),
  };
}

/**
 * Asks to connect. `CONNECTED` is also the answer while it is still connecting, so it is not believed: the state is asked
 * for and proven instead.
 */
export function* openSession(
  context: SessionContext,
  pairing: boolean,
  linkMethod: LinkMethod | undefined,
): Procedure<RemoteSignal> {
  const method = pairing && linkMethod !== undefined ? { linkMethod } : {};
  const signal = signalOfConnect(yield* call(sessions.connect, { id: context.remoteId, ...method }));
  if (signal.challenge) return signal;
  return signal.word === "connected" ? yield* probeSession(context) : yield* withChallenge(signal, context);
}

/**
 * The present state, proven: `connected` comes with who is linked, a waiting pairing with its code.
 * A session key that is refused may belong to a session that is gone, which the account can tell.
 */
export function* probeSession(context: SessionContext): Procedure<RemoteSignal> {
  let word: string;
  try {
    word = (yield* call(account.status, {})).status;
  } catch (error) {
    if (!isCode(error, ["CREDENTIAL_REJECTED"])) throw error;
    const found = yield* unless(["REMOTE_NOT_FOUND"], call(sessions.get, { id: context.remoteId }));
    if (found === undefined) return { source: "probe", word: "not_found" };
    throw error;
  }
  if (word === "connected") return { source: "probe", word, identity: identityOf(yield* whoIsLinked()) };
  return yield* withChallenge({ source: "probe", word }, context);
}

/** Not to know the route or the account says nothing about the session: it must not count as deleted. */
function* whoIsLinked(): Procedure<Parameters<typeof identityOf>[0]> {
  const linked = yield* unless(["REMOTE_NOT_FOUND"], call(account.user, {}));
  if (linked === undefined)
    throw malformed("account.user", "it says that nothing is there, for a session that is connected");
  return linked;
}

const notReady: readonly ErrorCode[] = [
  "REMOTE_NOT_FOUND",
  "PROVIDER_REJECTED",
  "INPUT_INVALID",
  "SESSION_NOT_CONNECTED",
];

/** Adds the code on show to a word that asks for one. Without a code the word stands alone. */
function* withChallenge(signal: RemoteSignal, { remoteId }: SessionContext): Procedure<RemoteSignal> {
  if (signal.word === "need_scan") {
    const shown = yield* unless(notReady, call(sessions.qrCode, { id: remoteId }));
    return shown ? { ...signal, challenge: qrChallenge(shown.qrCode) } : signal;
  }
  if (signal.word === "need_passkey") {
    const request = yield* unless(notReady, call(sessions.passkeyToken, { id: remoteId }));
    return request ? { ...signal, challenge: passkeyChallenge(request) } : signal;
  }
  return signal;
}

/** Deletes it. One that is already gone is as good. */
export function* closeSession({ remoteId }: SessionContext): Procedure<RemoteSignal> {
  try {
    yield* call(sessions.remove, { id: remoteId });
    return { source: "reply", word: "deleted" };
  } catch (error) {
    if (!isCode(error, ["REMOTE_NOT_FOUND"])) throw error;
    return { source: "reply", word: "not_found" };
  }
}

/** Logs the phone out. A session that is not connected has nobody to log out. */
export function* logoutSession({ remoteId }: SessionContext): Procedure<RemoteSignal> {
  try {
    const { status } = yield* call(sessions.disconnect, { id: remoteId });
    return { source: "reply", word: status };
  } catch (error) {
    if (isCode(error, ["REMOTE_NOT_FOUND"])) return { source: "reply", word: "not_found" };
    if (isCode(error, ["SESSION_NOT_CONNECTED"])) return { source: "reply", word: "logged_out" };
    throw error;
  }
}

function isCode(error: unknown, codes: readonly ErrorCode[]): error is ColloquyError {
  return isColloquyError(error) && codes.includes(error.code);
}

/** The answer, or `undefined` when the provider said one of these. */
function* unless<Output>(
  codes: readonly ErrorCode[],
  procedure: Generator<Call, Output, unknown>,
): Procedure<Output | undefined> {
  try {
    return yield* procedure;
  } catch (error) {
    if (isCode(error, codes)) return undefined;
    throw error;
  }
}
