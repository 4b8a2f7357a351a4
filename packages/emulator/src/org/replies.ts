import { pythonJson } from "../http/python.js";
import { internalErrorPage, Refused, type Reply, unsupportedMediaTypePage, werkzeugPage } from "../http/reply.js";
import type { ServiceRequest } from "../http/service.js";
import type { Document } from "./collection.js";

/** JSON as Flask writes it. */
export function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: { "Content-Type": "application/json" },
    body: `${pythonJson(body, { compact: true, sorted: true })}\n`,
  };
}

export const done = (data: unknown, status = 200): Reply => json(status, { success: true, data });
export const failed = (status: number, error: string): Reply => json(status, { success: false, error });

/** The body of a route that catches everything: what is wrong with it becomes the text of a 500. */
export function readCaught(request: ServiceRequest): Document {
  if (!isJson(request))
    throw new Refused(
      failed(
        500,
        "415 Unsupported Media Type: Did not attempt to load JSON data because the request Content-Type was not 'application/json'.",
      ),
    );
  const body = parsed(request);
  if (body === undefined)
    throw new Refused(
      failed(500, "400 Bad Request: The browser (or proxy) sent a request that this server could not understand."),
    );
  if (!isDocument(body))
    throw new Refused(failed(500, `'${Array.isArray(body) ? "list" : "str"}' object has no attribute 'get'`));
  return body;
}

/** The body of a route that catches nothing: what is wrong with it becomes a page. */
export function readUncaught(request: ServiceRequest): Document {
  if (!isJson(request)) throw new Refused(unsupportedMediaTypePage());
  const body = parsed(request);
  if (body === undefined)
    throw new Refused(
      werkzeugPage(400, "Bad Request", "The browser (or proxy) sent a request that this server could not understand."),
    );
  if (!isDocument(body)) throw new Refused(internalErrorPage());
  return body;
}

export function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJson({ headers }: ServiceRequest): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(headers["content-type"] ?? "");
}

function parsed({ bytes }: ServiceRequest): unknown {
  try {
    return JSON.parse((bytes ?? Buffer.alloc(0)).toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
