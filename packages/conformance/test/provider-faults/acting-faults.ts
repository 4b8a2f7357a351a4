import { call, callOf, type IssuedChallenge, type Procedure, type RemoteSignal } from "@colloquy/core";
import { referenceOperations as operations } from "@colloquy/core/testing";
import { facetWith, operationWith, type ProviderFault } from "./fault.js";

const sameCode: IssuedChallenge = { kind: "qr", artefact: "always-the-same" };

/** A procedure that asks the provider nothing. */
function* says(word: string): Procedure<RemoteSignal> {
  yield* [];
  return { source: "reply", word };
}

/** What a provider does, wrongly. */
export const actingFaults: readonly ProviderFault[] = [
  {
    name: "forgets the keys of the session that it made",
    change: ({ create }) => ({
      *create(input) {
        return { ...(yield* create(input as never)), secrets: {} };
      },
    }),
    fails: ["a created session exists at the provider, and its keys are kept"],
  },
  {
    name: "invents a session instead of making one",
    change: () => ({
      *create() {
        const [found] = yield* call(operations.sessions.list, {});
        return {
          remoteId: found?.id ?? "s1",
          secrets: { session_key: "key_1", signing_secret: "sig_1" },
          settings: {},
        };
      },
    }),
    fails: ["a created session exists at the provider, and its keys are kept"],
  },
  {
    name: "brings other keys when it attaches",
    change: ({ attach }) => ({
      *attach(remoteId) {
        return { ...(yield* attach(remoteId)), secrets: { session_key: "key_other" } };
      },
    }),
    fails: ["an existing session is attached with the same keys, once"],
  },
  {
    name: "calls a logout done without asking for it",
    change: () => ({
      logout: () => says("unlinked"),
    }),
    fails: ["a logout that the provider does not acknowledge keeps the keys"],
  },
  {
    name: "takes the beginning of a logout for its end",
    change: ({ interpret }) => ({
      interpret: (signal, context) =>
        context.closingGoal === "unlink" ? [{ type: "logoutAck" }] : interpret(signal, context),
      logout: () => says("opening"),
    }),
    fails: ["a logout that the provider does not acknowledge keeps the keys"],
  },
  {
    name: "deletes the session to log out",
    change: () => ({
      *logout({ remoteId: id }) {
        yield* call(operations.sessions.remove, { id });
        return { source: "reply", word: "unlinked" };
      },
    }),
    fails: ["a logout unlinks, and the keys go after the acknowledgement"],
  },
  {
    name: "closes a session without telling the provider",
    change: () => ({
      close: () => says("gone"),
    }),
    fails: ["a closed session is gone at the provider"],
  },
  {
    name: "unlinks to suspend",
    change: () => ({
      *suspend({ remoteId: id }) {
        yield* call(operations.sessions.unlink, { id });
        return { source: "reply", word: "paused" };
      },
    }),
    fails: ["a suspended session comes back without a code"],
  },
  {
    name: "brings the old code when a fresh one is asked for",
    change: (provider) => ({
      interpret: (signal, context) =>
        provider.interpret(signal.challenge ? { ...signal, challenge: sameCode } : signal, context),
    }),
    fails: ["an expired code is replaced by another one"],
  },
  {
    name: "keeps quiet about the code while nobody pairs",
    change: ({ interpret }) => ({
      interpret: (signal, context) => (signal.word === "scan" && !context.pairing ? [] : interpret(signal, context)),
    }),
    fails: ["a session that nobody pairs rests unlinked instead of showing codes to nobody"],
  },
  {
    name: "checks no message",
    change: facetWith("send", () => ({ check: () => [] })),
    fails: ["a message that cannot go out is refused with nothing on the wire"],
  },
  {
    name: "lets a message be repeated whose fate is not known",
    change: operationWith("messages.send", () => ({ repeatable: "always" })),
    fails: ["a message whose answer was lost is OUTCOME_UNKNOWN, and was sent once"],
  },
  {
    name: "sends without the session's key",
    change: operationWith("messages.send", () => ({ credential: "none" })),
    fails: ["a message goes out once, and the provider's id for it comes back"],
  },
  {
    name: "sends an edited message anew",
    change: facetWith("edit", () => ({
      edit: (_id, text) => callOf(operations.messages.send, { to: "+15550101", text }),
    })),
    fails: ["a sent message is edited and deleted under the provider's id"],
  },
  {
    name: "forgets the chat when it shows presence",
    change: facetWith("presence", () => ({
      setPresence: (_chat, kind) => callOf(operations.presence.set, { chat: "", kind }),
    })),
    fails: ["presence is shown"],
  },
  {
    name: "repeats a recipient in its complaint",
    change: facetWith("send", ({ check }) => ({
      check: (message) => check(message).map((problem) => ({ ...problem, message: `${message.to} will not do.` })),
    })),
    fails: ["no token, key, code or text is in an error, a log line or an explanation"],
  },
  {
    name: "puts the code into the status word",
    change: ({ interpret, open }) => ({
      *open(context, options) {
        const signal = yield* open(context, options);
        return signal.challenge ? { ...signal, word: `scan ${signal.challenge.artefact}` } : signal;
      },
      interpret: (signal, context) => interpret({ ...signal, word: signal.word.replace(/^scan .*/, "scan") }, context),
    }),
    fails: ["no token, key, code or text is in an error, a log line or an explanation"],
  },
];
