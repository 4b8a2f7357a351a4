import type { JsonValue } from "../../contract/index.js";
import type { AnswerSchema } from "./ask.js";

export type Fit = { readonly value: unknown } | { readonly problems: readonly string[] };

/** Holds an answer against its schema. What a text says as JSON is tried too. */
export async function fitAnswer(schema: AnswerSchema | undefined, answer: JsonValue): Promise<Fit> {
  if (!schema) return { value: answer };
  const plain = await check(schema, answer);
  const other = typeof answer === "string" && "problems" in plain ? parsed(answer) : undefined;
  const fromText = other === undefined ? plain : await check(schema, other);
  return "problems" in fromText ? plain : fromText;
}

async function check(schema: AnswerSchema, answer: unknown): Promise<Fit> {
  try {
    const result = await schema["~standard"].validate(answer);
    if (!result.issues) return { value: result.value };
    return { problems: result.issues.slice(0, 20).map(({ message, path }) => `${placeOf(path)}${message}`) };
  } catch {
    return { problems: ["The schema itself failed."] };
  }
}

function placeOf(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  const keys = (path ?? []).map((step) => String(typeof step === "object" ? step.key : step));
  return keys.length === 0 ? "" : `${keys.join(".")}: `;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The schema as JSON Schema, where its library can tell. */
export function jsonSchemaOf(schema: AnswerSchema | undefined): JsonValue | undefined {
  const standard = schema?.["~standard"] as { readonly jsonSchema?: Converter } | undefined;
  try {
    const written = standard?.jsonSchema?.input({ target: "draft-2020-12" });
    return written === undefined ? undefined : (JSON.parse(JSON.stringify(written)) as JsonValue);
  } catch {
    // A shape that JSON Schema has no words for is checked here all the same.
    return undefined;
  }
}

interface Converter {
  input(options: { readonly target: string }): Record<string, unknown>;
}
