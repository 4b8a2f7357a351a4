import { type Context, Hono } from "hono";
import { z } from "zod";
import { qrSvg } from "../page/qr-svg.js";
import { parseDials } from "../wasender/dials-schema.js";
import type { Happening } from "../wasender/happenings/happening.js";
import { wasenderScenarios } from "../wasender/scenarios.js";
import type { WasenderEmulator } from "../wasender/wasender.js";

const scanBody = z.strictObject({ phoneNumber: z.string().optional() });
const statusBody = z.strictObject({ status: z.string().min(1) });
const scenarioBody = z.strictObject({ name: z.string() });
const messageBody = z.strictObject({
  from: z.string().min(1),
  text: z.string(),
  name: z.string().optional(),
  group: z.string().optional(),
});
const address = z.string().min(1);
const happeningBody = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("reaction"), from: address, messageId: address, emoji: z.string() }),
  z.strictObject({ kind: z.literal("vote"), from: address, messageId: address, options: z.array(z.string()) }),
  z.strictObject({ kind: z.literal("edit"), messageId: address, text: z.string() }),
  z.strictObject({ kind: z.literal("deletion"), messageId: address }),
  z.strictObject({
    kind: z.literal("call"),
    from: address,
    isVideo: z.boolean().optional(),
    isGroup: z.boolean().optional(),
    status: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("chat_read"), chat: address }),
  z.strictObject({ kind: z.literal("chat_deleted"), chat: address }),
  z.strictObject({ kind: z.literal("portrait"), of: address, imgUrl: z.url().nullable() }),
]) satisfies z.ZodType<Happening>;
const eventBody = z.strictObject({ event: z.string().min(1), data: z.unknown() });

/** The control API: what a test does with `emulator.wasender`, a person or another process does over HTTP. */
export function wasenderControl(
  url: string,
  wasender: WasenderEmulator,
  others: () => Record<string, unknown> = () => ({}),
): Hono {
  const app = new Hono();
  app.onError((error, context) => context.json({ error: error.message }, 400));

  app.get("/state", (context) => context.json({ ...stateOf(url, wasender), ...others() }));
  app.get("/wasender/requests", (context) => context.json(since(context, wasender.requests)));
  app.get("/wasender/sent", (context) => context.json(since(context, wasender.sent)));
  app.get("/wasender/inbound", (context) => context.json(since(context, wasender.inbound)));
  app.get("/wasender/deliveries", (context) => context.json(since(context, wasender.deliveries)));
  app.get("/wasender/violations", (context) => context.json(since(context, wasender.violations)));
  app.get("/wasender/dials", (context) => context.json(wasender.dials));
  app.put("/wasender/dials", async (context) => {
    wasender.set(parseDials(await context.req.json()));
    return context.json(wasender.dials);
  });
  app.get("/wasender/scenarios", (context) => context.json(wasenderScenarios));
  app.post("/wasender/scenario", async (context) => {
    wasender.scenario(scenarioBody.parse(await context.req.json()).name);
    return context.json(wasender.dials);
  });
  app.post("/wasender/reset", (context) => {
    wasender.reset();
    return context.json({ ...stateOf(url, wasender), ...others() });
  });

  app.get("/wasender/sessions/:id/qr.svg", async (context) => {
    const shown = wasender.sessions.find((session) => session.id === Number(context.req.param("id")))?.qrCode;
    if (!shown) return context.json({ error: "No QR code is on show." }, 404);
    return context.body(await qrSvg(shown), 200, { "Content-Type": "image/svg+xml", "Cache-Control": "no-store" });
  });

  /** Something that a person does to one session; the answer is how the session stands afterwards. */
  const act = (name: string, run: (id: number, body: unknown) => unknown): void => {
    app.post(`/wasender/sessions/:id/${name}`, async (context) => {
      const id = Number(context.req.param("id"));
      const result = run(id, parsed(await context.req.text()));
      return context.json({ result: result ?? null, session: wasender.sessions.find((session) => session.id === id) });
    });
  };
  act("scan", (id, body) => {
    const { phoneNumber } = scanBody.parse(body);
    wasender.scan(id, phoneNumber === undefined || phoneNumber === "" ? {} : { phoneNumber });
  });
  act("unlink", (id) => wasender.unlink(id));
  act("drop-network", (id) => wasender.dropNetwork(id));
  act("restore-network", (id) => wasender.restoreNetwork(id));
  act("status", (id, body) => wasender.setStatus(id, statusBody.parse(body).status));
  act("receive", (id, body) => {
    const { name, group, ...message } = messageBody.parse(body);
    return wasender.receive(id, { ...message, ...(name ? { name } : {}), ...(group ? { group } : {}) });
  });
  act("happen", (id, body) => wasender.happen(id, happeningBody.parse(body)));
  act("emit", (id, body) => {
    const { event, data } = eventBody.parse(body);
    wasender.emit(id, event, data);
  });
  return app;
}

function stateOf(url: string, wasender: WasenderEmulator): Record<string, unknown> {
  const { baseUrl, personalAccessToken, scenarioName: scenario, dials, sessions, refusals } = wasender;
  const { requests, sent, inbound, deliveries } = wasender;
  const counts = {
    requests: requests.length,
    sent: sent.length,
    inbound: inbound.length,
    deliveries: deliveries.length,
    refusals,
  };
  const recent = { sent: sent.slice(-20), inbound: inbound.slice(-20), deliveries: deliveries.slice(-20) };
  const provider = { baseUrl, personalAccessToken, scenario, dials, sessions, counts, ...recent };
  return { url, wasender: provider };
}

const parsed = (text: string): unknown => (text === "" ? {} : JSON.parse(text));

/** The list from `?since=` on, so that a watcher asks only for what is new. */
function since<Row>(context: Context, rows: readonly Row[]): Row[] {
  return rows.slice(Number(context.req.query("since") ?? 0));
}
