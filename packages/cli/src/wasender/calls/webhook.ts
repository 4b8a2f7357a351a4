import type { WasenderSession, WasenderSessionChanges } from "@colloquy/wasender";
import type { Output } from "../../output/output.js";
import { fieldList } from "../../output/table.js";
import { usageError } from "../../usage-error.js";
import type { Answer } from "../answer.js";
import { flag, type Given, isSet, type VerbCall } from "../call.js";

const show: VerbCall = async ({ api, context }) => {
  const { value } = await api.sessions.get({}, { signal: context.signal });
  return webhookAnswer(value, context.output);
};

const set: VerbCall = async (given) => {
  const { api, context } = given;
  const { value } = await api.sessions.update(changesOf(given), { signal: context.signal });
  const answer = webhookAnswer(value, context.output);
  const { warning } = value;
  if (warning === undefined || "rows" in answer) return answer;
  return { ...answer, fields: { ...answer.fields, warning }, notes: [`warning: ${warning}`] };
};

function changesOf(given: Given): WasenderSessionChanges {
  const url = flag(given, "url");
  const events = flag(given, "subscribe");
  const [isEnabling, isDisabling] = [isSet(given, "enable"), isSet(given, "disable")];
  if (isEnabling && isDisabling) throw usageError("--enable and --disable are opposites.", "Give one of them.");
  const isTakenAway = given.flags["url"] === false;
  const changes: WasenderSessionChanges = {
    ...(url === undefined ? {} : { webhookUrl: url }),
    ...(isTakenAway ? { webhookUrl: null } : {}),
    ...(events === undefined ? {} : { webhookEvents: eventNames(events) }),
    ...(isEnabling || isDisabling ? { webhookEnabled: isEnabling } : {}),
  };
  if (Object.keys(changes).length === 0)
    throw usageError("Nothing is to be changed.", "Give --url, --subscribe, --enable or --disable.");
  return changes;
}

const eventNames = (events: string): readonly string[] =>
  events
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function webhookAnswer(session: WasenderSession, output: Output): Answer {
  const { webhookUrl, webhookEnabled, webhookEvents = [] } = session;
  const url = webhookUrl === undefined ? undefined : shownUrl(webhookUrl, output);
  return {
    lines: [
      fieldList([
        ["url", url ?? "none"],
        ["enabled", webhookEnabled === true ? "yes" : "no"],
        ["events", webhookEvents.length === 0 ? "none" : webhookEvents.join(", ")],
      ]),
    ],
    fields: { url: url ?? null, isEnabled: webhookEnabled === true, events: webhookEvents },
  };
}

/** People put tokens behind the question mark, or a password before the host. */
function shownUrl(url: string, output: Output): string {
  if (output.showSecrets || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  const { origin, pathname, search } = parsed;
  return `${origin}${pathname}${search === "" ? "" : "?•••"}`;
}

export const webhookCalls: { readonly "webhook show": VerbCall; readonly "webhook set": VerbCall } = {
  "webhook show": show,
  "webhook set": set,
};
