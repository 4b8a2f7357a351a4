import {
  type AnyProvider,
  ColloquyError,
  messageKindOf,
  type OutboundMessage,
  type Problem,
  type SendFacet,
} from "../contract/index.js";
import { unsupported } from "./exchanges.js";

/** Refuses, before anything is stored or queued, what the provider would refuse. Returns the facet that sends it. */
export function checkMessage(provider: AnyProvider, message: OutboundMessage): SendFacet {
  const facet = provider.facets.send;
  if (!facet) throw unsupported(provider, "send");
  const rules = provider.manifest.messages;
  const kind = messageKindOf(message);
  if (kind === undefined)
    throw invalid(provider, [{ field: "text", message: "A message needs a text, media, contact, location or poll." }]);
  if (rules && !rules.kinds.includes(kind)) throw unsupported(provider, `send.${kind}`);
  const length = message.text?.length ?? 0;
  if (rules && length > rules.maxTextLength)
    throw new ColloquyError({
      code: "MESSAGE_TOO_LONG",
      message: `The text has ${length} characters; ${provider.manifest.displayName} takes ${rules.maxTextLength}.`,
      providerId: provider.id,
    });
  const problems = facet.check(message);
  if (problems.length > 0) throw invalid(provider, problems);
  return facet;
}

export function invalid(
  provider: AnyProvider,
  problems: readonly Problem[],
  code: "INPUT_INVALID" | "CONFIG_INVALID" = "INPUT_INVALID",
): ColloquyError {
  const fieldErrors: Record<string, string[]> = {};
  for (const { field, message } of problems) (fieldErrors[field] ??= []).push(message);
  return new ColloquyError({
    code,
    message: problems.map(({ field, message }) => `${field}: ${message}`).join(" "),
    providerId: provider.id,
    fieldErrors,
  });
}
