import type { ChatModel } from "@colloquy/core/contract";
import type { RoutingChoice, RoutingContext } from "./policy.js";

/** Ollama first among local ones; elsewhere Claude, then OpenAI, then others. Within a type the one given first. */
const localOrder = ["ollama"];
const cloudOrder = ["anthropic", "openai"];

/**
 * The rule of Oblix: 1. without a network a local model; 2. with a machine under pressure one elsewhere; 3. and 4. otherwise a local
 * one. The others follow in the same order, in case the first does not answer.
 */
export function fourSteps({ models, verdicts }: RoutingContext): RoutingChoice {
  const locals = ordered(models, true, localOrder);
  const clouds = ordered(models, false, cloudOrder);
  const { resource_monitor: resources, connectivity_agent: network } = verdicts;
  if (network?.state === "disconnected")
    return { models: [...locals, ...clouds], why: `no network: ${network.reason}` };
  if (resources?.target === "cloud")
    return { models: [...clouds, ...locals], why: `this machine is ${resources.state}: ${resources.reason}` };
  const why =
    network?.target === "local"
      ? `the network is ${network.state}, and local models go first`
      : "local models go first";
  return { models: [...locals, ...clouds], why };
}

/** As given: the first model is asked, the others only when it does not answer. */
export function inOrder({ models }: RoutingContext): RoutingChoice {
  return { models, why: "it was given first" };
}

function ordered(models: readonly ChatModel[], isLocal: boolean, order: readonly string[]): readonly ChatModel[] {
  const rank = ({ type }: ChatModel): number => {
    const place = order.indexOf(type);
    return place === -1 ? order.length : place;
  };
  return models.filter((model) => model.isLocal === isLocal).toSorted((a, b) => rank(a) - rank(b));
}
