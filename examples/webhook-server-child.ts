/** Serves a webhook handler in one of the ways that the README tells, and reports to the process that started it. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createWebhookHandler, nodeListener, toWebRequest } from "@colloquy/core/webhooks";
import { wasenderWebhooks } from "@colloquy/wasender/webhooks";
import { serve } from "@hono/node-server";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";

const handler = createWebhookHandler(wasenderWebhooks, {
  secret: "made-up-secret",
  maxBodyBytes: 100_000,
  onEvent(event) {
    const text = event.type === "message.received" ? event.message.text : event.type;
    if (process.connected) process.send?.({ text });
  },
});
const listener = nodeListener(handler);

const raw = express.raw({ type: "*/*", limit: "1mb" });
const keepRaw = express.json({
  limit: "1mb",
  verify: (request, _response, body) => void Object.assign(request, { rawBody: body }),
});

const serverOf: Readonly<Record<string, () => Server | Promise<Server>>> = {
  "Node http": () => createServer(listener).listen(0, "127.0.0.1"),
  "Node http after something read the body": () =>
    createServer((request, response) => {
      request.resume().on("end", () => listener(Object.assign(request, { body: {} }), response));
    }).listen(0, "127.0.0.1"),
  Express: () => express().post("/webhook", listener).listen(0, "127.0.0.1"),
  "Express behind a raw parser": () => express().use(raw).post("/webhook", listener).listen(0, "127.0.0.1"),
  "Express behind a JSON parser that keeps the bytes": () =>
    express().use(keepRaw).post("/webhook", listener).listen(0, "127.0.0.1"),
  "Express behind a JSON parser": () => {
    const app = express().use(express.json()).post("/webhook", listener);
    app.use((error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).send(`to the error handler: ${error.message}`);
    });
    return app.listen(0, "127.0.0.1");
  },
  Hono: () => {
    const app = new Hono().post("/webhook", (context) => handler(context.req.raw));
    return serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
  },
  Fastify: async () => {
    const app = fastify();
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.post("/webhook", (request) => handler(toWebRequest(request)));
    await app.listen({ port: 0, host: "127.0.0.1" });
    return app.server;
  },
};

const start = serverOf[process.argv[2] ?? ""];
if (!start) throw new Error(`There is no server "${process.argv[2]}".`);
const server = await start();
if (!server.listening) await once(server, "listening");
process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook` });
// The test ends the process by ending the channel.
process.once("disconnect", () => process.exit());
