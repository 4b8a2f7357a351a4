import type { ChatModel, Problem } from "@colloquy/core/contract";
import type { Agent } from "./agents/agent.js";
import { problemOfUrl } from "./models/urls.js";
import type { RoutingPolicy } from "./routing/policy.js";

export interface OblixOptions {
  /** At least one. Read at each turn, so a model that is added to the list is asked from then on. */
  readonly models: readonly ChatModel[];
  /** What is watched, for the routing. Default: nothing. */
  readonly agents?: readonly Agent[];
  /** Default: `fourSteps`. */
  readonly routing?: RoutingPolicy;
}

/** Everything wrong with the options, without network. */
export function problemsOfOptions({ models, agents = [] }: OblixOptions): readonly Problem[] {
  const problems: Problem[] = [];
  if (!Array.isArray(models) || models.length === 0) return [{ field: "models", message: "Give at least one model." }];
  for (const { id, name, account, contextTokens } of models) {
    const wrong = (what: string): void => void problems.push({ field: `models.${id}`, message: what });
    if (typeof name !== "string" || name.trim() === "") wrong("Has no name.");
    const carriesKey = account.credentials.personal_access_token !== undefined;
    const url = problemOfUrl(account.baseUrl, carriesKey);
    if (url !== undefined) wrong(`The base URL is wrong. ${url}`);
    const [credential] = account.manifest.credentials;
    if (credential?.required && !carriesKey) wrong(`Needs a key: set ${credential.environmentVariable ?? "apiKey"}.`);
    if (contextTokens !== undefined && !(Number.isInteger(contextTokens) && contextTokens > 0))
      wrong("contextTokens must be a whole number above 0.");
  }
  problems.push(
    ...repeated(
      "models",
      models.map(({ id }) => id),
    ),
  );
  problems.push(
    ...repeated(
      "agents",
      agents.map(({ name }) => name),
    ),
  );
  return problems;
}

function repeated(field: string, names: readonly string[]): readonly Problem[] {
  const twice = new Set(names.filter((name, place) => names.indexOf(name) !== place));
  return [...twice].map((name) => ({ field, message: `"${name}" is given twice.` }));
}
