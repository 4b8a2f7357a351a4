import {
  anthropic,
  connectivityAgent,
  fourSteps,
  inOrder,
  oblix,
  ollama,
  openai,
  resourceMonitor,
} from "@colloquy/oblix";
import { describe, expect, it } from "vitest";

const local = ollama({ model: "llama3.2" });
const second = ollama({ model: "mistral" });
const gpt = openai({ model: "gpt-4o", apiKey: "sk-made-up" });
const claude = anthropic({ model: "claude-haiku-5-5", apiKey: "sk-ant-made-up" });
const models = [gpt, local, claude, second];

/** The ids in the order in which they would be asked, and why, for readings as agents give them. */
function routed(resources?: object, network?: object): { readonly order: readonly string[]; readonly why: string } {
  const provider = oblix({ models, agents: [resourceMonitor(), connectivityAgent()] });
  const route = provider.facets.converse?.route({
    models,
    readings: { resource_monitor: resources as never, connectivity_agent: network as never },
    prompt: "Hello?",
  });
  return { order: route?.models.map(({ id }) => id) ?? [], why: route?.why ?? "" };
}

const well = { cpuPercent: 10, memoryPercent: 20, load5: 0.5 };
const near = { latencyMs: 20, packetLossPercent: 0 };

describe("the four-step rule", () => {
  it.each([
    [
      "1: without a network a local model, whatever the machine says",
      { cpuPercent: 99 },
      { packetLossPercent: 100 },
      local,
    ],
    ["2: with a machine under pressure Claude before OpenAI", { cpuPercent: 81 }, near, claude],
    ["2: memory, load and GPU count too", { load5: 4.1 }, near, claude],
    ["3: with a network that is well a local model", well, near, local],
    [
      "4: with a network that is slow a local model all the same",
      well,
      { latencyMs: 501, packetLossPercent: 0 },
      local,
    ],
    ["4: with nothing known a local model", undefined, undefined, local],
  ])("%s", (_rule, resources, network, first) => {
    const { order, why } = routed(resources, network);
    expect(order[0]).toBe(first.id);
    expect(order).toHaveLength(models.length);
    expect(why).not.toBe("");
  });

  it("goes on along its order: other local ones, then Claude, then OpenAI, each type as given", () => {
    expect(routed(well, near).order).toEqual([local.id, second.id, claude.id, gpt.id]);
    expect(routed({ cpuPercent: 95 }, near)).toEqual({
      order: [claude.id, gpt.id, local.id, second.id],
      why: "this machine is critical: CPU at 95 is over 90",
    });
  });

  it("takes OpenAI where there is no Claude, and a local model where there is nothing else", () => {
    const verdicts = { resource_monitor: { state: "critical", target: "cloud", reason: "CPU" } };
    expect(fourSteps({ models: [local, gpt], verdicts, prompt: "" }).models[0]).toBe(gpt);
    expect(fourSteps({ models: [local], verdicts, prompt: "" }).models).toEqual([local]);
    expect(inOrder({ models, verdicts, prompt: "" }).models).toBe(models);
  });
});

describe("the agents", () => {
  it("keep to thresholds of their own, which Oblix ignores for the network", () => {
    const network = connectivityAgent({ thresholds: { latencyMs: 10 } });
    expect(network.judge(near)).toMatchObject({ state: "degraded", target: "hybrid" });
    const resources = resourceMonitor({ thresholds: { memory: 10 } });
    expect(resources.judge(well)).toMatchObject({ state: "constrained", target: "cloud" });
    expect(resources.judge({ gpuPercent: 5 })).toMatchObject({ target: "local_gpu" });
  });

  it("refuse thresholds that do not exist", () => {
    expect(() => resourceMonitor({ thresholds: { ram: 1 } as never })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
    expect(() => connectivityAgent({ thresholds: { latencyMs: -1 } })).toThrow(/latencyMs/);
  });

  it("say that they know nothing, before they measured or where they cannot", () => {
    expect(resourceMonitor().judge(undefined)).toMatchObject({ state: "unknown", target: "unknown" });
    expect(connectivityAgent().judge(undefined)).not.toHaveProperty("metrics");
  });

  it("read this machine, and the time that connections to this machine take", async () => {
    const reading = await resourceMonitor().measure();
    expect(reading).toMatchObject({ memoryPercent: expect.any(Number) as number });
    const closed = connectivityAgent({ targets: [{ host: "127.0.0.1", port: 1 }] });
    expect(await closed.measure()).toEqual({ packetLossPercent: 100 });
  });
});
