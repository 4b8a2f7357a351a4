import { systemClock } from "../clock.js";
import { ColloquyError, isColloquyError, type RawDelivery, type ReceiveFacet } from "../contract/index.js";
import { type DeliveryTarget, inboxTarget, sessionTarget } from "./delivery-target.js";
import { EventQueue } from "./event-queue.js";
import type { RequestContext, WebhookHandler, WebhookHandlerOptions, WebhookProvider } from "./options.js";
import { readBody } from "./read-body.js";
import { type Refusal, type RefusalReason, refusalStatus } from "./refusal.js";
import { verdictOf } from "./verdict.js";
import { memoryInbox } from "./webhook-inbox.js";
import type { WebhookSession } from "./webhook-session.js";

const defaultMaxBodyBytes = 16 * 1_048_576;
const defaultRetryAfterMs = 60_000;
const defaultMaxWaitingCount = 1_000;

/** Ends the way of one delivery; caught in `answer`, never seen outside. */
class Refused extends Error {
  readonly reason: RefusalReason;
  readonly details: Pick<Refusal, "ageMs" | "error">;

  constructor(reason: RefusalReason, details: Pick<Refusal, "ageMs" | "error"> = {}) {
    super(reason);
    this.reason = reason;
    this.details = details;
  }
}

/**
 * A web-standard function that answers a provider's webhook: checks the signature over the raw bytes, stores, answers, then has
 * `onEvent` handle what was new. One message that arrives under several names is one event. Runs wherever there are
 * `Request` and `Response`; for Node's own servers see `nodeListener`.
 *
 * Throws `UNSUPPORTED` for a provider that receives nothing, and `TypeError` for a limit that is no whole number.
 */
export function createWebhookHandler(provider: WebhookProvider, options: WebhookHandlerOptions = {}): WebhookHandler {
  const facet = receiveFacetOf(provider);
  const maxBodyBytes = wholeNumber("maxBodyBytes", options.maxBodyBytes ?? defaultMaxBodyBytes);
  const retryAfterMs = wholeNumber("retryAfterMs", options.retryAfterMs ?? defaultRetryAfterMs);
  const maxWaitingCount = wholeNumber("maxWaitingCount", options.maxWaitingCount ?? defaultMaxWaitingCount);
  const replayWindowMs =
    options.replayWindowMs === undefined ? undefined : wholeNumber("replayWindowMs", options.replayWindowMs);
  const { clock = systemClock, onEvent, onError = () => {} } = options;
  const withoutSession = options.session ? undefined : inboxTarget(facet, options.inbox ?? memoryInbox());
  /** One per inbox, so that the events of each are handled in order and no session waits for another. */
  const queues = new Map<string, EventQueue>();

  const queueOf = (target: DeliveryTarget): EventQueue | undefined => {
    if (!onEvent) return undefined;
    const key = target.sessionId ?? "";
    const queue = queues.get(key) ?? new EventQueue(target, { onEvent, onError, maxWaitingCount, retryAfterMs, clock });
    queues.set(key, queue);
    return queue;
  };

  const findTarget = async (request: Request): Promise<DeliveryTarget> => {
    if (withoutSession) return withoutSession;
    const found = await findSession(request, options.session);
    if (!found) throw new Refused("unknown_session");
    return sessionTarget(found);
  };

  const check = async (request: Request, target: DeliveryTarget, delivery: RawDelivery): Promise<void> => {
    const given = typeof options.secret === "function" ? await options.secret(request) : options.secret;
    const verdict =
      given === undefined
        ? await target.verify(delivery)
        : verdictOf(facet, delivery, typeof given === "string" ? [given] : given);
    if (verdict === "genuine" || (verdict === "no_secret" && options.allowUnsigned === true)) return;
    throw new Refused(verdict);
  };

  const checkAge = (delivery: RawDelivery): void => {
    if (replayWindowMs === undefined) return;
    const sentAtMs = facet.sentAtMs?.(delivery);
    const ageMs = sentAtMs === undefined ? 0 : clock.now() - sentAtMs;
    if (Math.abs(ageMs) > replayWindowMs) throw new Refused("stale", { ageMs });
  };

  /** Takes one delivery in; what is left to do after the answer is given back inside an object, as a promise would be awaited. */
  const take = async (request: Request, target: DeliveryTarget): Promise<{ readonly work?: Promise<void> }> => {
    const headers = Object.fromEntries(request.headers);
    // Nothing of a body is read for whoever cannot sign, where the headers alone tell.
    if (facet.signsHeadersOnly) await check(request, target, { headers, body: new Uint8Array() });
    const body = await readBody(request, maxBodyBytes);
    if (body === "too_large") throw new Refused("too_large");
    if (body === "broken") throw new Refused("body_unreadable");
    const delivery = { headers, body };
    if (!facet.signsHeadersOnly) await check(request, target, delivery);
    checkAge(delivery);
    const queue = queueOf(target);
    if (queue?.isFull && !target.keepsUnhandled) throw new Refused("unavailable");
    const fresh = await target.accept(delivery, clock.now());
    return queue ? { work: Promise.all([queue.add(fresh), queue.sweepWhenDue()]).then(() => {}) } : {};
  };

  const refuse = (refusal: Refusal): Response => {
    quietly(() => options.onRefused?.(refusal));
    return new Response(null, {
      status: refusal.status,
      ...(refusal.reason === "method" ? { headers: { allow: "POST" } } : {}),
    });
  };

  const answer = async (request: Request, context?: RequestContext): Promise<Response> => {
    let target: DeliveryTarget | undefined;
    try {
      if (request.method !== "POST") throw new Refused("method");
      target = await findTarget(request);
      const { work } = await take(request, target);
      if (work) quietly(() => (context?.waitUntil ? context.waitUntil(work) : options.waitUntil?.(work)));
      return new Response(null, { status: 200 });
    } catch (error) {
      const { reason, details } = error instanceof Refused ? error : new Refused("unavailable", { error });
      const sessionId = target?.sessionId;
      return refuse({
        reason,
        status: refusalStatus[reason],
        providerId: provider.id,
        ...(sessionId === undefined ? {} : { sessionId }),
        ...details,
      });
    }
  };

  return Object.assign(answer, {
    async catchUp(session?: WebhookSession): Promise<void> {
      const given = session ?? (typeof options.session === "function" ? undefined : options.session);
      const target = given ? sessionTarget(given) : withoutSession;
      if (target) await queueOf(target)?.sweep(clock.now());
    },
    async idle(): Promise<void> {
      await Promise.all([...queues.values()].map((queue) => queue.idle()));
    },
  });
}

async function findSession(
  request: Request,
  session: WebhookHandlerOptions["session"],
): Promise<WebhookSession | undefined> {
  try {
    return typeof session === "function" ? await session(request) : session;
  } catch (error) {
    if (isColloquyError(error) && error.code === "SESSION_NOT_FOUND") return undefined;
    throw error;
  }
}

function receiveFacetOf({ id, facets }: WebhookProvider): ReceiveFacet {
  if (facets.receive) return facets.receive;
  throw new ColloquyError({ code: "UNSUPPORTED", message: `${id} does not support receiving.`, providerId: id });
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`${name} must be a whole number that is not negative, not ${String(value)}.`);
}

/** Hooks of the caller's that fail have nobody left to tell. */
function quietly(run: () => void): void {
  try {
    run();
  } catch {}
}
