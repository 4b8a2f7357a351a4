import type { ProviderEvent, ReadDelivery, ReceiveFacet } from "../../src/contract/index.js";
import { virtualClock } from "../../src/testing/index.js";
import type { WebhookHandlerOptions, WebhookProvider } from "../../src/webhooks/index.js";

/** How often, and with what, a facet was asked. */
export interface FacetCalls {
  readonly secrets: string[];
  readonly bodies: Uint8Array[];
}

/** A provider that does nothing but receive: each line of a body is an event with that id. `at:<ms>` dates the delivery. */
export function lineProvider(changed: Partial<ReceiveFacet> = {}): WebhookProvider & { readonly calls: FacetCalls } {
  const calls: FacetCalls = { secrets: [], bodies: [] };
  const linesOf = (body: Uint8Array): string[] => new TextDecoder().decode(body).split("\n");
  const receive: ReceiveFacet = {
    verify({ headers, body }, secrets) {
      const secret = secrets["webhook_secret"] ?? "";
      calls.secrets.push(secret);
      calls.bodies.push(body);
      return secret !== "" && headers["x-signature"] === secret;
    },
    read({ body }): ReadDelivery {
      const events = linesOf(body).map(
        (line): ProviderEvent => ({ type: "provider", occurrenceId: line, name: "line", raw: line }),
      );
      return { events, signals: [] };
    },
    sentAtMs({ body }) {
      const dated = linesOf(body).find((line) => line.startsWith("at:"));
      return dated === undefined ? undefined : Number(dated.slice(3));
    },
    ...changed,
  };
  return { id: "lines", facets: { receive }, calls };
}

export const secret = "made-up-secret";

/** A delivery of these lines with the right signature; give other headers to spoil it. */
export function post(
  lines: string | Uint8Array | ReadableStream,
  headers: Readonly<Record<string, string>> = { "x-signature": secret },
): Request {
  const init = { method: "POST", headers, body: lines, duplex: "half" };
  return new Request("http://receiver.test/webhook", init as RequestInit);
}

/** Options on virtual time that keep what the handler tells. */
export function observed() {
  const clock = virtualClock();
  const handled: string[] = [];
  const refused: string[] = [];
  const errors: unknown[] = [];
  const options = {
    secret,
    clock,
    onEvent: ({ occurrenceId }) => void handled.push(occurrenceId),
    onError: (error) => void errors.push(error),
    onRefused: ({ reason, status }) => void refused.push(`${status} ${reason}`),
  } satisfies WebhookHandlerOptions;
  return { clock, handled, refused, errors, options };
}
