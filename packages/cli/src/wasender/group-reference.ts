import { ColloquyError } from "@colloquy/core/contract";
import { usageError } from "../usage-error.js";
import { type Given, text } from "./call.js";

/** The JID of the group that the first argument means: a JID as it is, anything else is a subject and looked up. */
export async function groupOf(given: Given): Promise<string> {
  const reference = text(given, 0);
  if (reference.includes("@")) return reference;
  const { api, context } = given;
  const { value: groups } = await api.groups.list({}, { signal: context.signal });
  const found = groups.filter(({ subject }) => subject === reference);
  const [group] = found;
  if (group === undefined)
    throw new ColloquyError({
      code: "REMOTE_NOT_FOUND",
      message: `The account is in no group called "${reference}".`,
      userAction: "See `colloquy wasender groups list`, or give the group's JID.",
      providerId: "wasender",
    });
  if (found.length > 1)
    throw usageError(
      `${found.length} groups are called "${reference}".`,
      "Give the JID: `colloquy wasender groups list` tells it with --show-secrets.",
    );
  return group.jid;
}
