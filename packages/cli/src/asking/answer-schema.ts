import type { AskOptions } from "@colloquy/core";
import { z } from "zod";
import type { Io } from "../output/io.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";

type AnswerSchema = NonNullable<AskOptions<unknown>["schema"]>;

/** The schema that a file of JSON Schema tells. */
export async function readSchema(path: string, io: Io): Promise<AnswerSchema> {
  const text = await readInput(path, io);
  try {
    return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    throw usageError(`${path} is no JSON Schema.`, 'Write a draft 2020-12 schema, such as { "type": "string" }.');
  }
}
