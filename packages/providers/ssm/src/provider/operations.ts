import {
  ColloquyError,
  defineOperation,
  type JsonValue,
  type Operation,
  type RequestParts,
  type WireResponse,
} from "@colloquy/core/contract";

export interface StartInput {
  /** The machine's id. */
  readonly target: string;
  /** For example `AWS-StartPortForwardingSession`. Default: a plain shell. */
  readonly documentName?: string;
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  readonly reason?: string;
}

export interface WhichSession {
  /** Left out: the session that the call is made for. */
  readonly sessionId?: string;
}

/** What the service answers. Both secrets are for the connection only. */
export interface StartedSession {
  readonly sessionId: string;
  readonly streamUrl: string;
  readonly tokenValue: string;
}

export interface ResumedSession {
  readonly sessionId: string;
  /** Undefined: the session is over. */
  readonly tokenValue: string | undefined;
  readonly streamUrl: string | undefined;
}

// A type and not an interface: an operation tree has an index signature, which interfaces lack.
export type SsmOperations = {
  readonly sessions: {
    readonly start: Operation<StartInput, StartedSession>;
    readonly resume: Operation<WhichSession, ResumedSession>;
    readonly terminate: Operation<WhichSession, { readonly sessionId: string }>;
  };
};

/** JSON 1.1: every operation is a POST to one path, told apart by a header. */
const request = (target: string, value: Readonly<Record<string, JsonValue | undefined>>): RequestParts => ({
  headers: { "X-Amz-Target": `AmazonSSM.${target}` },
  body: {
    kind: "bytes",
    value: new TextEncoder().encode(JSON.stringify(value)),
    contentType: "application/x-amz-json-1.1",
  },
});

const onSession =
  (target: string): Operation<WhichSession>["encode"] =>
  ({ sessionId }, { remoteId }) => {
    const id = sessionId ?? remoteId;
    if (id === undefined || id === "")
      throw new ColloquyError({
        code: "INPUT_INVALID",
        message: "`sessionId` is needed outside a session.",
        fieldErrors: { sessionId: ["is missing"] },
      });
    return request(target, { SessionId: id });
  };

const common = { method: "POST", path: "/", credential: "personal_access_token", buckets: [] } as const;

export const operations: SsmOperations = {
  sessions: {
    start: defineOperation({
      ...common,
      name: "sessions.start",
      summary: "Starts a session on a machine",
      repeatable: "never",
      encode: ({ target, documentName, parameters, reason }: StartInput) =>
        request("StartSession", { Target: target, DocumentName: documentName, Parameters: parameters, Reason: reason }),
      decode: (response): StartedSession => {
        const { SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue } = fieldsOf(response);
        if (!isText(sessionId) || !isText(streamUrl) || !isText(tokenValue)) throw malformed();
        return { sessionId, streamUrl, tokenValue };
      },
    }),
    resume: defineOperation({
      ...common,
      name: "sessions.resume",
      summary: "Fetches a new token for a session",
      repeatable: "always",
      encode: onSession("ResumeSession"),
      decode: (response): ResumedSession => {
        const { SessionId: sessionId, TokenValue: token, StreamUrl: url } = fieldsOf(response);
        if (!isText(sessionId)) throw malformed();
        return { sessionId, tokenValue: isText(token) ? token : undefined, streamUrl: isText(url) ? url : undefined };
      },
      // The URL stays as it was: a resumed connection goes to the old one.
      learn: ({ tokenValue }) => (tokenValue === undefined ? {} : { secrets: { session_key: tokenValue } }),
    }),
    terminate: defineOperation({
      ...common,
      name: "sessions.terminate",
      summary: "Ends a session for good",
      repeatable: "always",
      encode: onSession("TerminateSession"),
      decode: (response) => {
        const { SessionId: sessionId } = fieldsOf(response);
        if (!isText(sessionId)) throw malformed();
        return { sessionId };
      },
    }),
  },
};

function fieldsOf({ body }: WireResponse): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const malformed = (): ColloquyError =>
  new ColloquyError({ code: "RESPONSE_MALFORMED", message: "The answer about a session lacks a field." });
