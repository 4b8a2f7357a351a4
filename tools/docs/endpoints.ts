import type { OperationTree } from "@colloquy/core/contract";
import { table } from "../lib/markdown.js";

/** A provider's operations as a matrix, in the order of its table. */
export function renderEndpoints(operations: OperationTree): string {
  const rows = Object.values(operations)
    .flatMap((verbs) => Object.values(verbs))
    .map(({ name, method, path, credential, repeatable, summary }) => [
      `\`${name}\``,
      `\`${method} ${path}\``,
      credential.replaceAll("_", " "),
      repeatable,
      summary,
    ]);
  return table(["Operation", "Endpoint", "Credential", "Repeat", "What it does"], rows);
}
