import type { ImportPolicy } from "@colloquy/oblix";
import { usageError } from "../usage-error.js";

const policies: Readonly<Record<string, ImportPolicy>> = {
  "new-id": "new_id",
  keep: "keep",
  replace: "replace",
  fail: "fail",
};

/** What `--on-conflict` says. */
export function policyOf(text: string | undefined, otherwise: ImportPolicy): ImportPolicy {
  if (text === undefined) return otherwise;
  const policy = Object.hasOwn(policies, text) ? policies[text] : undefined;
  if (policy) return policy;
  throw usageError(`--on-conflict is "${text}".`, `Use one of: ${Object.keys(policies).join(", ")}.`);
}
