import { ColloquyError } from "../contract/index.js";
import type { TurnOptions } from "./turn.js";

/** Throws `INPUT_INVALID` for what is plainly wrong, with nothing stored or sent. */
export function assertTurnPossible({ prompt, requestId, temperature, maxTokens, tokenBudget }: TurnOptions): void {
  const fieldErrors: Record<string, string[]> = {};
  const wrong = (field: string, problem: string): void => void (fieldErrors[field] = [problem]);
  if (prompt !== undefined && (typeof prompt !== "string" || prompt.trim() === ""))
    wrong("prompt", "May not be blank.");
  if (requestId !== undefined && (requestId === "" || requestId.length > 200))
    wrong("requestId", "Must have 1 to 200 characters.");
  if (temperature !== undefined && !(temperature >= 0)) wrong("temperature", "Must be a number from 0 on.");
  for (const [field, value] of Object.entries({ maxTokens, tokenBudget }))
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) wrong(field, "Must be a whole number above 0.");
  const fields = Object.keys(fieldErrors);
  if (fields.length === 0) return;
  throw new ColloquyError({
    code: "INPUT_INVALID",
    message: `The turn cannot be carried out; wrong: ${fields.join(", ")}.`,
    fieldErrors,
  });
}
