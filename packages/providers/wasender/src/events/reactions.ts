import type { IdentityBook } from "@colloquy/core/contract";
import { isRecord, recordAt, textAt, withoutUndefined } from "../json.js";
import type { WasenderPollResult, WasenderReaction } from "./event-data.js";
import { each, readKey } from "./key.js";
import { readPerson } from "./person.js";

export function readReaction(item: unknown, identities?: IdentityBook): WasenderReaction | undefined {
  const key = readKey(recordAt(item, "key"), identities);
  const reaction = recordAt(item, "reaction");
  if (!key) return undefined;
  return withoutUndefined<WasenderReaction>({
    key,
    text: textAt(reaction, "text") ?? "",
    reactionKey: readKey(reaction["key"], identities),
  });
}

export function readPoll(item: unknown, identities?: IdentityBook): WasenderPollResult | undefined {
  const key = readKey(recordAt(item, "key"), identities);
  if (!key || !isRecord(item)) return undefined;
  const options = each(item["pollResult"] ?? []).flatMap((option) => {
    const name = textAt(option, "name");
    const voters = isRecord(option) && Array.isArray(option["voters"]) ? option["voters"] : [];
    return name === undefined
      ? []
      : [{ name, voters: voters.map((one) => readPerson(one, identities)).filter((voter) => voter !== undefined) }];
  });
  return { key, options };
}
