import type { MiddlewareHandler } from "hono";

const loopbackHosts = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Keeps other web sites out of the control API: the Host must be loopback (so no rebound DNS name), an Origin must be
 * ours, and a change must say that it is JSON (so no plain form of another site).
 */
export const guard: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  if (!loopbackHosts.has(host.replace(/:\d+$/, ""))) {
    return context.json({ error: "The Host header must name loopback." }, 403);
  }
  const origin = context.req.header("origin");
  if (origin !== undefined && origin !== `http://${host}`) {
    return context.json({ error: "Requests of other sites are refused." }, 403);
  }
  const changes = !["GET", "HEAD"].includes(context.req.method);
  if (changes && !context.req.header("content-type")?.startsWith("application/json")) {
    return context.json({ error: "Send Content-Type: application/json." }, 415);
  }
  await next();
  return undefined;
};
