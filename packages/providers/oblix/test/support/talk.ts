import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Colloquy, createColloquy, memoryStore, noTelemetry, type Store } from "@colloquy/core";
import { type ModelsEmulator, startEmulator } from "@colloquy/emulator";
import {
  anthropic,
  type OblixClient,
  type OblixOptions,
  type OblixProvider,
  oblix,
  oblixClient,
  ollama,
  openai,
} from "@colloquy/oblix";
import { onTestFinished } from "vitest";

export interface Talk {
  readonly models: ModelsEmulator;
  readonly colloquy: Colloquy<readonly [OblixProvider]>;
  readonly client: OblixClient;
}

/** A client over emulated models: Ollama here, OpenAI and Claude elsewhere. */
export async function startTalk({
  store = memoryStore(),
  ...options
}: Partial<OblixOptions> & { readonly store?: Store } = {}): Promise<Talk> {
  const { models, close } = await startEmulator();
  const colloquy = createColloquy({
    providers: [
      oblix({
        models: [
          ollama({ model: "llama3.2", endpoint: models.ollama.baseUrl, isLocal: true }),
          openai({ model: "gpt-4o", apiKey: models.openai.apiKey, baseUrl: models.openai.baseUrl, isLocal: false }),
          anthropic({ model: "claude-haiku-5-5", apiKey: models.anthropic.apiKey, baseUrl: models.anthropic.baseUrl }),
        ],
        ...options,
      }),
    ],
    store,
    telemetry: noTelemetry,
    transport: { limits: { backoffBaseMs: 1, backoffCapMs: 5 } },
  });
  onTestFinished(async () => {
    await colloquy.shutdown({ graceMs: 0 });
    await close();
  });
  return { models, colloquy, client: oblixClient(colloquy) };
}

/** A folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "colloquy-oblix-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The code of what a call throws. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: unknown) => String((error as { readonly code?: unknown }).code ?? error),
  );
}
