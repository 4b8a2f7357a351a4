// The benchmark server: a process of its own, so that a busy client cannot slow its clock. Told what to do over IPC.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { tell } from "./dialects.js";
import type { ServerPlan } from "./plan.js";
import { Run } from "./run.js";
import { submittedOf } from "./submitted.js";

const runs = new Map<string, Run>();
const acceptedBody = Buffer.from(JSON.stringify({ ok: true, success: true, data: { msgId: 1 } }));
const refusedBody = { ok: false, success: false, error: "ratelimited", message: "Too many requests." };
const unavailableBody = JSON.stringify({ ok: false, success: false, message: "Down for a moment." });

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const run = runs.get(request.url?.split("/", 3)[2] ?? "");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (!run) return answer(response, 404, {}, "{}");
  const submitted = submittedOf(Buffer.concat(chunks).toString("utf8"), request.headers["content-type"]);
  if (run.plan.wayMs) await delay(run.wayMs());
  const { verdict, fault } = run.judge(submitted, performance.now());
  if (fault === "dropped" || fault === "lostAnswer") {
    request.socket.destroy();
    return;
  }
  const { headers, retryAfter } = tell(verdict, run.plan.dialect, Date.now());
  if (run.plan.wayMs) await delay(run.wayMs());
  if (fault === "unavailable") answer(response, 503, {}, unavailableBody);
  else if (verdict.isAccepted) answer(response, 200, headers, acceptedBody);
  else answer(response, 429, headers, JSON.stringify({ ...refusedBody, retry_after: retryAfter }));
}

function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): void {
  response.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** For the cost of one request: no books, no limits, so that the server is not what is measured. */
function serveQuick(request: IncomingMessage, response: ServerResponse): void {
  request.on("data", () => {});
  request.on("end", () => answer(response, 200, {}, acceptedBody));
}

const server = createServer((request, response) => {
  if (request.url?.startsWith("/quick")) serveQuick(request, response);
  else serve(request, response).catch(() => request.socket.destroy());
});
// No client should meet a connection that the server just closed for being idle: that is not what is measured.
server.keepAliveTimeout = 120_000;

type Order =
  | { readonly order: "plan"; readonly run: string; readonly plan: ServerPlan }
  | { readonly order: "report"; readonly run: string };

process.on("message", (message: Order) => {
  if (message.order === "plan") {
    runs.set(message.run, new Run(message.plan));
    process.send?.({ about: message.run });
  } else {
    process.send?.({ about: message.run, report: runs.get(message.run)?.report() });
    runs.delete(message.run);
  }
});
process.on("disconnect", () => process.exit());

server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
