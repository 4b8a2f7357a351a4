import type { ChatModel } from "@colloquy/core/contract";
import { anthropic, ollama, openai } from "@colloquy/oblix";
import { usageError } from "../usage-error.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** ASSUMED: small, and offered by either for long; `--model` and COLLOQUY_MODEL say otherwise. */
const defaultNames = { openai: "gpt-4o-mini", anthropic: "claude-haiku-5-5" } as const;

/** A server on this machine answers at once, or it is not there. */
const answerWithinMs = 1_500;

/** The model that `type:name` names, with address and key from the environment. */
export function modelOf(id: string, environment: Environment): ChatModel {
  const [, type = "", model = ""] = /^(\w+):(.+)$/.exec(id) ?? [];
  const { OPENAI_BASE_URL: openaiUrl, OPENAI_API_KEY: openaiKey } = environment;
  const { ANTHROPIC_BASE_URL: anthropicUrl, ANTHROPIC_API_KEY: anthropicKey } = environment;
  switch (type) {
    case "ollama":
      return ollama({ model, endpoint: ollamaAddress(environment) });
    case "openai":
      return openai({
        model,
        ...(openaiUrl ? { baseUrl: openaiUrl } : {}),
        ...(openaiKey ? { apiKey: openaiKey } : {}),
      });
    case "anthropic":
    case "claude":
      if (!anthropicKey)
        throw usageError("ANTHROPIC_API_KEY is not set.", "Export the key, or choose another --model.");
      return anthropic({ model, apiKey: anthropicKey, ...(anthropicUrl ? { baseUrl: anthropicUrl } : {}) });
    default:
      throw usageError(`"${id}" names no model.`, "Write it as ollama:name, openai:name or anthropic:name.");
  }
}

/** What Ollama's own variable may hold: a URL, or a host with or without a port. `0.0.0.0` is where a server listens. */
function ollamaAddress({ OLLAMA_HOST: host }: Environment): string {
  if (!host) return "http://localhost:11434";
  const text = host.includes("://") ? host : `http://${/:\d+$/.test(host) ? host : `${host}:11434`}`;
  return text.replace("://0.0.0.0", "://127.0.0.1").replace(/\/+$/, "");
}

/**
 * The model to begin with: `--model`, COLLOQUY_MODEL, else the first of what Ollama has on this machine, OpenAI and Anthropic
 * that is set up.
 */
export async function firstModel(
  wanted: string | undefined,
  environment: Environment,
  signal: AbortSignal,
): Promise<ChatModel> {
  const named = wanted ?? environment["COLLOQUY_MODEL"];
  if (named) return modelOf(named, environment);
  const [local] = await ollamaModels(environment, signal);
  if (local !== undefined) return modelOf(local, environment);
  if (environment["OPENAI_API_KEY"]) return modelOf(`openai:${defaultNames.openai}`, environment);
  if (environment["ANTHROPIC_API_KEY"]) return modelOf(`anthropic:${defaultNames.anthropic}`, environment);
  throw usageError(
    "No model is set up.",
    "Start Ollama (OLLAMA_HOST), or export OPENAI_API_KEY or ANTHROPIC_API_KEY, or run `colloquy emulator`.",
  );
}

/** What can be named without more ado: Ollama's models, and one of each service that has a key. */
export async function knownModels(environment: Environment, signal: AbortSignal): Promise<readonly string[]> {
  return [
    ...(await ollamaModels(environment, signal)),
    ...(environment["OPENAI_API_KEY"] ? [`openai:${defaultNames.openai}`] : []),
    ...(environment["ANTHROPIC_API_KEY"] ? [`anthropic:${defaultNames.anthropic}`] : []),
  ];
}

async function ollamaModels(environment: Environment, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const response = await fetch(`${ollamaAddress(environment)}/api/tags`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
    const { models = [] } = (await response.json()) as { readonly models?: readonly { readonly name?: unknown }[] };
    return models.flatMap(({ name }) => (typeof name === "string" ? [`ollama:${name.replace(/:latest$/, "")}`] : []));
  } catch {
    // It is not there, or it is another service.
    signal.throwIfAborted();
    return [];
  }
}
