import { type Context, Hono } from "hono";
import { z } from "zod";
import type { AtlusEmulator } from "../atlus/atlus.js";
import { atlusScenarios } from "../atlus/scenarios.js";
import type { ModelsEmulator } from "../models/models.js";
import { modelScenarios } from "../models/scenarios.js";
import { humanPolicy } from "../org/dials.js";
import type { OrgEmulator } from "../org/org.js";
import { orgScenarios } from "../org/scenarios.js";

const scenarioBody = z.strictObject({ name: z.string() });
const answerBody = z.strictObject({ text: z.string() });
const activeBody = z.strictObject({ isActive: z.boolean() });
const channelBody = z.strictObject({ channelId: z.string().min(1), policy: humanPolicy.optional() });
const dataBody = z.record(z.string(), z.unknown());

/** What every service has: dials, scenarios, a reset, and lists of what happened. */
interface Steered {
  readonly dials: object;
  set(dials: object): void;
  scenario(name: string): void;
  reset(): void;
}

function steering(
  service: Steered,
  scenarios: object,
  lists: Readonly<Record<string, () => readonly unknown[]>>,
): Hono {
  const app = new Hono();
  app.onError((error, context) => context.json({ error: error.message }, 400));
  for (const [name, list] of Object.entries(lists))
    app.get(`/${name}`, (context) => context.json(since(context, list())));
  app.get("/dials", (context) => context.json(service.dials));
  app.put("/dials", async (context) => {
    service.set(await context.req.json<object>());
    return context.json(service.dials);
  });
  app.get("/scenarios", (context) => context.json(scenarios));
  app.post("/scenario", async (context) => {
    service.scenario(scenarioBody.parse(await context.req.json()).name);
    return context.json(service.dials);
  });
  app.post("/reset", (context) => {
    service.reset();
    return context.json({ reset: true });
  });
  return app;
}

/** What a test does with `emulator.atlus`, over HTTP. */
export function atlusControl(atlus: AtlusEmulator): Hono {
  const app = steering(atlus, atlusScenarios, {
    requests: () => atlus.requests,
    sessions: () => atlus.sessions,
    chats: () => atlus.chats,
    pending: () => atlus.pendingChats,
  });
  app.post("/restart", (context) => {
    atlus.restart();
    return context.json({ restarts: atlus.restartCount });
  });
  app.post("/chats/:requestId/answer", async (context) => {
    atlus.answer(context.req.param("requestId"), answerBody.parse(await context.req.json()).text);
    return context.json({ answered: true });
  });
  app.post("/sessions/:id/active", async (context) => {
    atlus.setActive(context.req.param("id"), activeBody.parse(await context.req.json()).isActive);
    return context.json(atlus.sessions);
  });
  return app;
}

/** What a test does with `emulator.org`, over HTTP. */
export function orgControl(org: OrgEmulator): Hono {
  const app = steering(org, orgScenarios, {
    requests: () => org.requests,
    sessions: () => org.sessions,
    channels: () => org.channels,
    questions: () => org.questions,
    published: () => org.published,
  });
  app.post("/sweep", (context) => context.json({ expired: org.sweep() }));
  app.post("/channels", async (context) => {
    const { channelId, policy } = channelBody.parse(await context.req.json());
    org.addChannel(channelId, policy);
    return context.json(org.channels);
  });
  app.post("/questions/:id/answer", async (context) => {
    const data = dataBody.parse(await context.req.json());
    return context.json({ status: await org.answer(context.req.param("id"), data) });
  });
  return app;
}

/** What a test does with `emulator.models`, over HTTP. */
export function modelsControl(models: ModelsEmulator): Hono {
  const app = steering(models, modelScenarios, {
    requests: () => models.requests,
    calls: () => models.calls,
    pending: () => models.pendingCalls,
  });
  app.post("/calls/:id/answer", async (context) => {
    models.answer(context.req.param("id"), answerBody.parse(await context.req.json()).text);
    return context.json({ answered: true });
  });
  return app;
}

/** How ATLUS stands, with its last chats. */
export function atlusState(atlus: AtlusEmulator): Record<string, unknown> {
  const { baseUrl, personalAccessToken, scenarioName: scenario, dials, sessions, chats, pendingChats } = atlus;
  const { requests, throttledCount, restartCount } = atlus;
  const counts = {
    requests: requests.length,
    chats: chats.length,
    throttled: throttledCount,
    restarts: restartCount,
  };
  return { baseUrl, personalAccessToken, scenario, dials, sessions, counts, chats: chats.slice(-20), pendingChats };
}

/** How the organisation's servers stand, with the last questions and events. */
export function orgState(org: OrgEmulator): Record<string, unknown> {
  const { sessionsUrl, channelsUrl, scenarioName: scenario, dials, sessions, channels } = org;
  const { requests, questions, published } = org;
  const counts = { requests: requests.length, questions: questions.length, published: published.length };
  const recent = { questions: questions.slice(-20), published: published.slice(-20) };
  return { sessionsUrl, channelsUrl, scenario, dials, sessions: sessions.slice(-50), channels, counts, ...recent };
}

/** How the model endpoints stand, with their last prompts. */
export function modelsState(models: ModelsEmulator): Record<string, unknown> {
  const { ollama, openai, anthropic, scenarioName: scenario, dials, calls, pendingCalls } = models;
  const counts = { requests: models.requests.length, calls: calls.length, throttled: models.throttledCount };
  return { ollama, openai, anthropic, scenario, dials, counts, calls: calls.slice(-20), pendingCalls };
}

/** The list from `?since=` on, so that a watcher asks only for what is new. */
function since(context: Context, rows: readonly unknown[]): readonly unknown[] {
  return rows.slice(Number(context.req.query("since") ?? 0));
}
