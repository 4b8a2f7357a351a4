import { ColloquyError, type WireResponse } from "@colloquy/core/contract";
import { z } from "zod";
import type { JsonRecord } from "./json.js";

/** The answer lacks what its endpoint promises. The outcome is unknown: the provider did answer with success. */
export function malformed(operation: string, what: string): ColloquyError {
  return new ColloquyError({
    code: "RESPONSE_MALFORMED",
    message: `The answer to ${operation} is not what WasenderAPI documents: ${what}.`,
    providerId: "wasender",
    operation,
  });
}

/** Reads a body by its shape. The error names the place, never the value. */
export function decodeBody<Output>(operation: string, shape: z.ZodType<Output>, response: WireResponse): Output {
  const result = shape.safeParse(response.body);
  if (result.success) return result.data;
  if (response.format !== "json")
    throw malformed(operation, response.format === "empty" ? "the body is empty" : "the body is no JSON");
  const places = result.error.issues.map(({ path }) => path.join(".") || "the body");
  throw malformed(operation, `missing or wrong: ${[...new Set(places)].slice(0, 5).join(", ")}`);
}

/** The shape of a row whose model keeps the row beside it, exactly as it came. */
export function rowShape<Row, Model>(
  row: z.ZodType<Row>,
  model: (row: Row, raw: JsonRecord) => Model,
): z.ZodType<Model> {
  return z.unknown().transform((raw, context) => {
    const result = row.safeParse(raw);
    if (result.success) return model(result.data, raw as JsonRecord);
    for (const { path, message } of result.error.issues)
      context.issues.push({ code: "custom", path, message, input: raw });
    return z.NEVER;
  });
}

/** A key that is not promised: null, absent and of another type are the same to us. */
export const optionalText: z.ZodType<string | undefined> = z.string().min(1).optional().catch(undefined);
export const optionalFlag: z.ZodType<boolean | undefined> = z.boolean().optional().catch(undefined);
/** Ids come as numbers in some answers and as text in others. */
export const idText: z.ZodType<string> = z.union([z.string().min(1), z.int()]).transform(String);
