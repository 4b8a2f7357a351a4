import { Hono } from "hono";
import { z } from "zod";
import { parseSsmDials } from "../ssm/dials-schema.js";
import { ssmScenarios } from "../ssm/scenarios.js";
import type { SsmEmulator } from "../ssm/ssm.js";

const scenarioBody = z.strictObject({ name: z.string() });
const startBody = z.strictObject({
  target: z.string().min(1).optional(),
  document: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});
const terminateBody = z.strictObject({ output: z.string().optional() });

/** The control API of the gateway: what a test does with `emulator.ssm`, a person or another process does over HTTP. */
export function ssmControl(ssm: SsmEmulator): Hono {
  const app = new Hono();
  app.onError((error, context) => context.json({ error: error.message }, 400));

  app.get("/state", (context) => context.json(ssmState(ssm)));
  app.get("/requests", (context) => context.json(ssm.requests.slice(Number(context.req.query("since") ?? 0))));
  app.get("/dials", (context) => context.json(ssm.dials));
  app.put("/dials", async (context) => {
    ssm.set(parseSsmDials(await context.req.json()));
    return context.json(ssm.dials);
  });
  app.get("/scenarios", (context) => context.json(ssmScenarios));
  app.post("/scenario", async (context) => {
    ssm.scenario(scenarioBody.parse(await context.req.json()).name);
    return context.json(ssm.dials);
  });
  app.post("/reset", (context) => {
    ssm.reset();
    return context.json(ssmState(ssm));
  });
  app.post("/sessions", async (context) => {
    const { target, document, parameters } = startBody.parse(parsed(await context.req.text()));
    const input = { ...(target && { target }), ...(document && { document }), ...(parameters && { parameters }) };
    return context.json(ssm.start(input), 201);
  });
  app.get("/sessions", (context) => context.json(ssm.sessions));
  app.get("/sessions/:id", (context) => context.json(ssm.session(context.req.param("id"))));

  /** Something that befalls one session; the answer is how it stands afterwards. */
  const act = (name: string, run: (id: string, body: unknown) => void): void => {
    app.post(`/sessions/:id/${name}`, async (context) => {
      const id = context.req.param("id");
      run(id, parsed(await context.req.text()));
      return context.json(ssm.session(id));
    });
  };
  act("bye", (id) => ssm.bye(id));
  act("cut", (id) => ssm.cut(id));
  act("deafen", (id) => ssm.deafen(id));
  act("revoke-tokens", (id) => ssm.revokeTokens(id));
  act("pause", (id) => ssm.pausePublication(id));
  act("start", (id) => ssm.startPublication(id));
  act("terminate", (id, body) => ssm.terminate(id, terminateBody.parse(body).output));
  return app;
}

/** Tokens are not among it: they are the answer to starting a session, and nobody else's business. */
export function ssmState(ssm: SsmEmulator): Record<string, unknown> {
  const { endpointUrl, scenarioName: scenario, dials, sessions, requests } = ssm;
  return { endpointUrl, scenario, dials, sessions, requests: requests.slice(-20) };
}

const parsed = (text: string): unknown => (text === "" ? {} : JSON.parse(text));
