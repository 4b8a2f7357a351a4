import type { Emulator } from "../../src/index.js";
import { plainHttp, type ServiceStage } from "../support/service-stage.js";

/** Plain HTTP to the three endpoints, with the headers that each asks for. */
export function endpointsOf(stage: ServiceStage): Record<"ollama" | "openai" | "anthropic", ServiceStage["api"]> {
  const models = (): Emulator["models"] => stage.emulator.models;
  const ollama = plainHttp(() => models().ollama.baseUrl);
  const openai = plainHttp(() => models().openai.baseUrl);
  const anthropic = plainHttp(() => models().anthropic.baseUrl);
  return {
    ollama,
    openai: (method, path, body, headers = {}) =>
      openai(method, path, body, { authorization: `Bearer ${models().openai.apiKey}`, ...headers }),
    anthropic: (method, path, body, headers = {}) =>
      anthropic(method, path, body, {
        "x-api-key": models().anthropic.apiKey,
        "anthropic-version": "2023-06-01",
        ...headers,
      }),
  };
}

/** The events of a stream, each as its name and its data. */
export function eventsOf(text: string): { event: string | undefined; data: unknown }[] {
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data = ""] = /^data: (.*)$/m.exec(block) ?? [];
      return { event, data: data === "[DONE]" ? data : (JSON.parse(data) as unknown) };
    });
}

export const linesOf = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
