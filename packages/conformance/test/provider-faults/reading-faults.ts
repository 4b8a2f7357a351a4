import type { InboundMessage, Observation, RemoteSignal } from "@colloquy/core";
import { facetWith, operationWith, type ProviderFault } from "./fault.js";

/** Turns every observation of one word into something else. */
const hearing =
  (word: string, meaning: (signal: RemoteSignal) => readonly Observation[]): ProviderFault["change"] =>
  ({ interpret }) => ({
    interpret: (signal, context) => (signal.word.toLowerCase() === word ? meaning(signal) : interpret(signal, context)),
  });

let counted = 0;

/** What a provider hears and reads, wrongly. */
export const readingFaults: readonly ProviderFault[] = [
  {
    name: "throws at a word that it does not know",
    change: ({ interpret, manifest }) => ({
      interpret: (signal, context) => {
        if (!manifest.statusWords.includes(signal.word.toLowerCase())) throw new Error(`What is ${signal.word}?`);
        return interpret(signal, context);
      },
    }),
    fails: [
      "interpret takes any word in any context and answers the same every time",
      "interpret tells a word that it does not know as unknown, with the word",
    ],
  },
  {
    name: "answers otherwise when it is asked again",
    change: ({ interpret }) => ({
      interpret: (signal, context) => (counted++ % 2 === 0 ? [] : interpret(signal, context)),
    }),
    fails: ["interpret takes any word in any context and answers the same every time"],
  },
  {
    name: "keeps quiet about a word that it does not know",
    change: ({ interpret }) => ({
      interpret: (signal, context) => interpret(signal, context).filter(({ type }) => type !== "unknownStatus"),
    }),
    fails: ["interpret tells a word that it does not know as unknown, with the word"],
  },
  {
    name: "does not see in a poll that the session is online",
    change: ({ interpret }) => ({
      interpret: (signal, context) =>
        context.state === "connected" && signal.source === "probe" ? [] : interpret(signal, context),
    }),
    fails: ["a connected session is proven again and again"],
  },
  {
    name: "does not hear of an unlinking",
    change: hearing("unlinked", () => []),
    fails: ["an unlinking on the phone is noticed"],
  },
  {
    name: "does not hear of a lost connection",
    change: hearing("offline", () => []),
    fails: ["a lost connection is noticed, and its return too"],
  },
  {
    name: "does not say who is linked",
    change: hearing("online", () => [{ type: "opened" }]),
    fails: [
      "another account than the expected one ends in IDENTITY_MISMATCH",
      "a pairing shows a code and ends connected when somebody scanned it",
    ],
  },
  {
    name: "trips over an answer without a body",
    change: () => ({
      readFailure: ({ body }) =>
        (body as { error: { code: string } }).error.code === "x" ? { code: "INPUT_INVALID" } : undefined,
    }),
    fails: ["readFailure takes any answer and names a code of the catalogue"],
  },
  {
    name: "believes any figure in a header",
    change: () => ({
      readRateLimits: ({ headers, receivedAtMs }) => [
        {
          bucket: "sends",
          scope: "session",
          limit: Number(headers["x-ratelimit-limit"] ?? 1),
          observedAtMs: receivedAtMs,
        },
      ],
    }),
    fails: ["readRateLimits takes any answer and tells finite figures of declared buckets"],
  },
  {
    name: "reads no limits",
    change: () => ({ readRateLimits: () => [] }),
    fails: ["what the provider told of its limits comes back with a message"],
  },
  {
    name: "takes anything for a session",
    change: operationWith("sessions.create", () => ({
      decode: ({ body }) => ({ id: "s1", key: "key_1", signingSecret: "sig_1", ...(body as object) }),
    })),
    fails: ["an answer without the session's id is refused, not made up for"],
  },
  {
    name: "takes anything for a receipt",
    change: operationWith("messages.send", () => ({ decode: () => ({ providerMessageId: "", status: "sent" }) })),
    fails: [
      "an answer without the message's id is refused, not made up for",
      "a message goes out once, and the provider's id for it comes back",
    ],
  },
  {
    name: "calls an unknown session a refusal",
    change: ({ readFailure }) => ({
      readFailure: (response, operation) => {
        const failure = readFailure(response, operation);
        return failure?.code === "REMOTE_NOT_FOUND" ? { ...failure, code: "PROVIDER_REJECTED" } : failure;
      },
    }),
    fails: [
      "attaching what the provider does not know fails with REMOTE_NOT_FOUND",
      "a closed session is gone at the provider",
    ],
  },
  {
    name: "calls a wrong token a refusal",
    change: () => ({ readFailure: ({ status }) => (status >= 400 ? { code: "PROVIDER_REJECTED" } : undefined) }),
    fails: ["a wrong token is told as a credential's fault"],
  },
  {
    name: "gives every delivery a new occurrence id",
    change: facetWith("receive", ({ read }) => ({
      read: (delivery) => ({
        ...read(delivery),
        events: read(delivery).events.map((event) => ({ ...event, occurrenceId: `e${counted++}` })),
      }),
    })),
    fails: [
      "a delivered message is stored and told, once however often it comes",
      "read takes any bytes, tells the same of the same, and gives every event a name",
    ],
  },
  {
    name: "throws at bytes that are not JSON",
    change: facetWith("receive", ({ read }) => ({
      read: (delivery) => {
        JSON.parse(new TextDecoder().decode(delivery.body));
        return read(delivery);
      },
    })),
    fails: ["read takes any bytes, tells the same of the same, and gives every event a name"],
  },
  {
    name: "does not say who wrote",
    change: facetWith("receive", ({ read }) => ({
      read: (delivery) => ({
        signals: [],
        events: read(delivery).events.map((event) =>
          event.type === "message.received"
            ? { ...event, message: { ...event.message, chatId: "" } satisfies InboundMessage }
            : event,
        ),
      }),
    })),
    fails: ["a delivered message is stored and told, once however often it comes"],
  },
  {
    name: "believes every signature",
    change: facetWith("receive", () => ({ verify: () => true })),
    fails: [
      "a delivery with a missing or wrong signature is refused, and nothing of it is kept",
      "no delivery is believed while no secret is known",
    ],
  },
  {
    name: "believes a delivery while it knows no secret",
    change: facetWith("receive", ({ verify }) => ({
      verify: (delivery, secrets) => !secrets["signing_secret"] || verify(delivery, secrets),
    })),
    fails: ["no delivery is believed while no secret is known"],
  },
];
