import {
  type AskFacet,
  type AskProgress,
  type AskReceipt,
  ColloquyError,
  call,
  callOf,
  defineOperation,
  isColloquyError,
  type JsonValue,
  type Operation,
  type WireResponse,
} from "../contract/index.js";

/** A question as the reference service tells it. */
export interface ReferenceAskView extends AskReceipt {
  readonly providerAskId: string;
  readonly progress: AskProgress;
}

// A type and not an interface: an operation tree has an index signature, which interfaces lack.
export type ReferenceAskOperations = {
  readonly put: Operation<{ readonly askId: string; readonly text: string; readonly to?: string }, ReferenceAskView>;
  readonly get: Operation<{ readonly id: string }, ReferenceAskView>;
  readonly remind: Operation<{ readonly id: string }, ReferenceAskView>;
  readonly withdraw: Operation<{ readonly id: string }, ReferenceAskView>;
};

const onAsk = (
  name: string,
  summary: string,
  method: "GET" | "POST" | "DELETE",
  place: string,
  repeatable: "always" | "never" = "always",
): Operation<{ readonly id: string }, ReferenceAskView> =>
  defineOperation({
    name: `asks.${name}`,
    summary,
    method,
    path: `/asks/{id}${place}`,
    credential: "session_key",
    repeatable,
    buckets: ["requests"],
    encode: ({ id }: { readonly id: string }) => ({ params: { id } }),
    decode,
  });

export const referenceAskOperations: ReferenceAskOperations = {
  put: defineOperation({
    name: "asks.put",
    summary: "Asks a question",
    method: "POST",
    path: "/asks",
    credential: "session_key",
    repeatable: "never",
    buckets: ["requests"],
    encode: ({ askId, text, to }: { readonly askId: string; readonly text: string; readonly to?: string }) => ({
      body: { kind: "json", value: { ask_id: askId, text, ...(to === undefined ? {} : { to }) } },
    }),
    decode,
  }),
  get: onAsk("get", "Where a question stands", "GET", ""),
  remind: onAsk("remind", "Asks once more", "POST", "/reminder", "never"),
  withdraw: onAsk("withdraw", "Wants no answer any more", "DELETE", ""),
};

/** Asks by a request, and learns the answer by looking; a delivery only wakes. */
export const referenceAsk: AskFacet = {
  check: ({ to }) =>
    to === undefined || /^\+?\d{7,15}$/.test(to) ? [] : [{ field: "to", message: "must be a phone number." }],
  ask: ({ id, text, to }) =>
    callOf(referenceAskOperations.put, { askId: id, text, ...(to === undefined ? {} : { to }) }),
  *settle({ id }) {
    try {
      return yield* call(referenceAskOperations.get, { id });
    } catch (error) {
      if (isColloquyError(error) && error.code === "REMOTE_NOT_FOUND") return "not_taken";
      throw error;
    }
  },
  *progress({ id }) {
    return (yield* call(referenceAskOperations.get, { id })).progress;
  },
  heed: (event) => {
    if (event.type !== "provider" || event.name !== "ask") return undefined;
    const { data } = fieldsOf(event.raw);
    const { id } = fieldsOf(data);
    return typeof id === "string" ? { providerAskId: id } : undefined;
  },
  remind: ({ id }) => callOf(referenceAskOperations.remind, { id }),
  withdraw: ({ id }) => callOf(referenceAskOperations.withdraw, { id }),
  pollMs: 500,
};

function decode(response: WireResponse): ReferenceAskView {
  const { id, state, answer } = fieldsOf(response.body);
  const progress = progressOf(state, answer as JsonValue);
  if (typeof id !== "string" || !progress)
    throw new ColloquyError({ code: "RESPONSE_MALFORMED", message: "The answer is not a question." });
  return { providerAskId: id, progress };
}

function progressOf(state: unknown, answer: JsonValue): AskProgress | undefined {
  if (state === "answered") return { state, answer };
  if (state === "failed") return { state, reason: "the service says so" };
  return state === "pending" || state === "rejected" || state === "expired" ? { state } : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
