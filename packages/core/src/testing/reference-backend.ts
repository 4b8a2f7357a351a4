import { type Clock, systemClock } from "../clock.js";
import type { JsonValue, RawDelivery } from "../contract/index.js";
import { ReferenceAsks } from "./reference-asks.js";
import { type ReferenceLimit, ReferenceLimits } from "./reference-limits.js";
import { type PhoneSession, type ReferencePhone, ReferenceSessions } from "./reference-phone.js";
import { signReference } from "./reference-receive.js";

export interface ReferenceRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ReferenceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * What goes wrong with a request. `lose_request`: the connection ends and nothing was done. `lose_answer`: it was done, and
 * the answer never comes. The others are answers.
 */
export type ReferenceFault = "lose_request" | "lose_answer" | "refuse" | "throttle" | "unavailable" | "html" | "garble";

export interface FaultOptions {
  /** Default: every request. */
  readonly on?: RegExp;
  /** Default 1. */
  readonly times?: number;
}

/** A message that the service took. */
export interface ReferenceMessage {
  readonly id: string;
  /** The network's name of it, under which receipts tell of it. */
  readonly key: string;
  /** A delivery status in the common words. */
  readonly status: string;
  readonly sessionId: string;
  readonly body: Readonly<Record<string, JsonValue>>;
}

export interface ReferenceBackendOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default `pat_canary0000`. */
  readonly personalAccessToken?: string;
  /** Per session. Default 20 in 100 ms. */
  readonly sends?: ReferenceLimit;
  /** For the account. Default 500 in a second. */
  readonly requests?: ReferenceLimit;
  /** Default 5,000. */
  readonly codeLifetimeMs?: number;
  /** Asked for after a scan. Default: none. */
  readonly passkey?: string;
  /** Default true; otherwise sessions stay `opening` until `phone.finishOpening`. */
  readonly opensAtOnce?: boolean;
}

type Fields = Readonly<Record<string, JsonValue>>;
type Reply = { readonly status: number; readonly value: unknown; readonly headers?: Readonly<Record<string, string>> };

const refusal = (status: number, code: string, message: string, more: object = {}): Reply => ({
  status,
  value: { error: { code, message, ...more } },
});

/** The reference service without its socket: what it does with one request, and what people can do to its sessions. */
export class ReferenceBackend {
  readonly personalAccessToken: string;
  readonly phone: ReferencePhone;
  /** Every request that arrived, the refused and lost ones too. */
  readonly requests: ReferenceRequest[] = [];
  /** Messages taken, in order. Edited ones show their last text; deleted ones stay. */
  readonly messages: ReferenceMessage[] = [];
  /** Questions taken, and who answers them. */
  readonly asks: ReferenceAsks = new ReferenceAsks();
  readonly #clock: Clock;
  readonly #sessions: ReferenceSessions;
  readonly #limits: ReferenceLimits;
  readonly #allowances: { readonly sends: ReferenceLimit; readonly requests: ReferenceLimit };
  readonly #faults: { readonly fault: ReferenceFault; readonly on: RegExp; left: number }[] = [];
  #deliveries = 0;

  constructor(options: ReferenceBackendOptions = {}) {
    const { clock = systemClock, personalAccessToken = "pat_canary0000" } = options;
    const { codeLifetimeMs = 5_000, passkey, opensAtOnce = true } = options;
    this.personalAccessToken = personalAccessToken;
    this.#clock = clock;
    this.#sessions = new ReferenceSessions({
      clock,
      codeLifetimeMs,
      opensAtOnce,
      ...(passkey === undefined ? {} : { passkey }),
    });
    this.phone = this.#sessions;
    this.#limits = new ReferenceLimits(clock);
    this.#allowances = {
      sends: options.sends ?? { limit: 20, windowMs: 100 },
      requests: options.requests ?? { limit: 500, windowMs: 1_000 },
    };
  }

  /** Plans a fault for requests whose `METHOD /path` fits. */
  fail(fault: ReferenceFault, { on = /^/, times = 1 }: FaultOptions = {}): void {
    this.#faults.push({ fault, on, left: times });
  }

  /** Ends every fault that was planned. */
  recover(): void {
    this.#faults.length = 0;
  }

  /** A session's key and signing secret, as the service's own site would show them. */
  secretsOf(id: string): { readonly key: string; readonly signingSecret: string } | undefined {
    return this.#sessions.find(id);
  }

  /** A delivery as the service would push it, with a signature that is right. */
  delivery(id: string, type: string, data: Fields, deliveryId = `d${++this.#deliveries}`): RawDelivery {
    const body = new TextEncoder().encode(JSON.stringify({ id: deliveryId, type, data }));
    const signature = signReference(body, this.#sessions.find(id)?.signingSecret ?? "");
    return { headers: { "content-type": "application/json", "reference-signature": signature }, body };
  }

  /** What the network tells of a message from now on; `delivery(session, "receipt", …)` pushes it. */
  progress(messageId: string, status: string): void {
    const index = this.messages.findIndex(({ id }) => id === messageId);
    const known = this.messages[index];
    if (!known) throw new Error(`There is no message ${messageId}.`);
    this.messages[index] = { ...known, status };
  }

  /** Undefined: the connection ends without an answer. */
  handle(request: ReferenceRequest): ReferenceAnswer | undefined {
    this.requests.push(request);
    const fault = this.#planned(request);
    if (fault === "lose_request") return undefined;
    if (fault === "refuse")
      return answer(refusal(422, "invalid", "Refused.", { fields: { to: ["is not reachable"] } }));
    if (fault === "unavailable") return answer(refusal(503, "unavailable", "Try again later."));
    if (fault === "html")
      return { status: 502, headers: { "content-type": "text/html" }, text: "<h1>Bad gateway</h1>" };
    if (fault === "throttle") return answer(this.#throttled(50));
    const given = answer(this.#serve(request));
    if (fault === "lose_answer") return undefined;
    return fault === "garble" ? { ...given, text: given.text.slice(0, given.text.length / 2) } : given;
  }

  #planned({ method, path }: ReferenceRequest): ReferenceFault | undefined {
    const plan = this.#faults.find(({ on, left }) => left > 0 && on.test(`${method} ${path}`));
    if (plan) plan.left -= 1;
    return plan?.fault;
  }

  #throttled(waitMs: number): Reply {
    const seconds = waitMs / 1_000;
    const { value, status } = refusal(429, "too_many_requests", "Too many requests.");
    return {
      status,
      value: { ...(value as object), retry_after: seconds },
      headers: { "retry-after": String(seconds) },
    };
  }

  #serve(request: ReferenceRequest): Reply {
    const token = request.headers["authorization"]?.replace(/^Bearer /, "") ?? "";
    if (request.path.startsWith("/sessions")) {
      if (token !== this.personalAccessToken) return refusal(401, "unauthorized", "Unknown token.");
      return this.#within("requests", "account", () => this.#serveSessions(request));
    }
    const session = this.#sessions.byKey(token);
    if (!session) return refusal(401, "unauthorized", "Unknown key.");
    if (session.status !== "online") return refusal(409, "not_online", "The session is not online.");
    if (request.path.startsWith("/messages")) {
      const serve = (): Reply => this.#serveMessages(request, session);
      return request.method === "GET"
        ? this.#within("requests", "account", serve)
        : this.#within("sends", session.id, serve);
    }
    if (request.path.startsWith("/asks"))
      return this.#within("requests", "account", () => this.#serveAsks(request, session));
    if (request.method === "PUT" && request.path.startsWith("/presence/"))
      return this.#within("requests", "account", () => ({ status: 200, value: { ok: true } }));
    return refusal(404, "not_found", "No such route.");
  }

  #within(bucket: "sends" | "requests", owner: string, serve: () => Reply): Reply {
    const { headers, retryAfterMs } = this.#limits.take(bucket, owner, this.#allowances[bucket]);
    const reply = retryAfterMs === undefined ? serve() : this.#throttled(retryAfterMs);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  }

  #serveSessions({ method, path, body }: ReferenceRequest): Reply {
    const [, , id, verb] = path.split("/");
    const fields = fieldsOf(body);
    if (id === undefined && method === "GET")
      return { status: 200, value: this.#sessions.all().map((each) => this.#view(each)) };
    if (id === undefined)
      return {
        status: 201,
        value: this.#view(this.#sessions.create(textOf(fields["name"]), textOf(fields["account"]))),
      };
    const session = this.#sessions.find(id);
    if (!session) return refusal(404, "not_found", "No such session.");
    if (method === "DELETE") {
      this.#sessions.remove(id);
      return { status: 204, value: undefined };
    }
    if (verb === "connect") this.#sessions.connect(session);
    if (verb === "code") this.#sessions.showCode(session);
    if (verb === "pause") this.#sessions.pause(session);
    if (verb === "unlink") this.#sessions.unlink(id);
    if (verb === "key") this.#sessions.rotateKey(id);
    if (verb === "answer" && !this.#sessions.answer(session, fields["answer"]))
      return refusal(422, "invalid", "The answer is wrong.", { fields: { answer: ["is wrong"] } });
    return { status: 200, value: this.#view(session) };
  }

  #serveMessages({ method, path, body }: ReferenceRequest, session: PhoneSession): Reply {
    const id = path.split("/")[2];
    const fields = fieldsOf(body);
    if (id === undefined) {
      if (typeof fields["to"] !== "string")
        return refusal(422, "invalid", "Not a message.", { fields: { to: ["is missing"] } });
      const number = this.messages.length + 1;
      const message = { id: `m${number}`, key: `k${number}`, status: "pending", sessionId: session.id, body: fields };
      this.messages.push(message);
      return { status: 201, value: { id: message.id, status: "accepted" } };
    }
    const index = this.messages.findIndex((message) => message.id === id && message.sessionId === session.id);
    const known = this.messages[index];
    if (!known) return refusal(404, "not_found", "No such message.");
    if (method === "DELETE") return { status: 204, value: undefined };
    if (method === "GET") return { status: 200, value: { id, key: known.key, status: known.status } };
    this.messages[index] = { ...known, body: { ...known.body, ...fields } };
    return { status: 200, value: { id } };
  }

  #serveAsks({ method, path, body }: ReferenceRequest, session: PhoneSession): Reply {
    const [, , id, verb] = path.split("/");
    if (id === undefined) {
      const taken = this.asks.put(session.id, fieldsOf(body));
      return taken ? { status: 201, value: this.asks.view(taken) } : refusal(422, "invalid", "Not a question.");
    }
    const known = this.asks.find(id);
    if (!known || known.sessionId !== session.id) return refusal(404, "not_found", "No such question.");
    if (method === "DELETE") this.asks.end(id, "expired");
    if (verb === "reminder") known.reminderCount += 1;
    return { status: 200, value: this.asks.view(known) };
  }

  #view({ id, name, status, key, signingSecret, account, expected, code }: PhoneSession): object {
    const lifetimeMs = (code?.expiresAtMs ?? 0) - this.#clock.now();
    const isShown = code !== undefined && lifetimeMs > 0;
    const challenge = isShown ? { kind: code.kind, artefact: code.artefact, lifetime_ms: lifetimeMs } : undefined;
    return { id, name, status, key, signing_secret: signingSecret, account, expected, challenge };
  }
}

function answer({ status, value, headers = {} }: Reply): ReferenceAnswer {
  const text = value === undefined ? "" : JSON.stringify(value);
  return { status, headers: { ...headers, ...(text === "" ? {} : { "content-type": "application/json" }) }, text };
}

function fieldsOf(body: string): Fields {
  try {
    const value = JSON.parse(body) as JsonValue;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
  } catch {
    return {};
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
