import { type NodeRequest, toWebRequest } from "./node-request.js";

/** What is needed of Node's `ServerResponse`. */
export interface NodeResponse {
  readonly headersSent: boolean;
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body?: string): unknown;
}

/** A listener for `http.createServer`, and a request handler for Express. Never throws. */
export type NodeListener = (request: NodeRequest, response: NodeResponse, next?: (error: unknown) => void) => void;

/** Methods of HTTP that no web request may have. */
const unknownToTheWeb: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * Serves a webhook handler from Node's own server or from Express. Nothing must have read the body before, or its bytes must be
 * in `request.rawBody` or `request.body`; otherwise it says so: to Express by `next(error)`, else by a 500 with that text.
 */
export function nodeListener(handler: (request: Request) => Promise<Response>): NodeListener {
  const serve = async (request: NodeRequest, response: NodeResponse): Promise<void> => {
    if (unknownToTheWeb.has(request.method ?? "")) return send(response, new Response(null, { status: 405 }));
    const asked = toWebRequest(request);
    send(response, await handler(asked));
    // What was not read is let go by, or the next request on this connection would wait for it.
    await asked.body?.cancel().catch(() => {});
  };
  const fail = (error: unknown, response: NodeResponse): void => {
    if (response.headersSent) return;
    response.statusCode = 500;
    response.end(error instanceof TypeError ? error.message : "");
  };
  return (request, response, next) => {
    serve(request, response).catch(next ?? ((error: unknown) => fail(error, response)));
  };
}

function send(response: NodeResponse, answer: Response): void {
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  // What follows a body that was left unread cannot be told from it.
  if (answer.status === 413) response.setHeader("connection", "close");
  response.end();
}
