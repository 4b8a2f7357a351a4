import { type AskProgress, isColloquyError, type JsonValue } from "../../contract/index.js";
import type { AskRow } from "../../store/asks.js";
import { contextOf } from "../session-context.js";
import type { OpenAsks } from "./open-asks.js";

/** What the provider knows of a question, after it was given an answer that came over another session. */
export async function progressOf(open: OpenAsks, row: AskRow): Promise<AskProgress> {
  const { host } = open;
  const facet = host.provider.facets.ask;
  if (row.route && !facet?.relay) return { state: "pending" };
  const before = await askedProgress(open, row);
  if (row.relayed === undefined || !facet?.relay) return before;
  if (before.state !== "pending") return asRelayed(before, row.relayed);
  const { operation, input } = facet.relay(row.question, row.relayed, contextOf(host));
  await host.execute(operation, input, {});
  return asRelayed(await askedProgress(open, row), row.relayed);
}

/** A question that the provider no longer knows cannot be answered any more. */
async function askedProgress(open: OpenAsks, row: AskRow): Promise<AskProgress> {
  const { host } = open;
  const { provider, exchanges, record } = host;
  const look = provider.facets.ask?.progress?.(row.question, row.receipt ?? {}, contextOf(host));
  if (!look) return { state: "pending" };
  try {
    return await exchanges.run(look, record);
  } catch (error) {
    if (!isColloquyError(error) || error.code !== "REMOTE_NOT_FOUND") {
      open.report(row.id, error);
      return { state: "pending" };
    }
    return { state: "failed", reason: "the provider no longer knows the question" };
  }
}

/** Who asked hears what was said in the chat, and not the form in which the provider keeps it; unless that says something else. */
function asRelayed(progress: AskProgress, relayed: JsonValue): AskProgress {
  if (progress.state !== "answered") return progress;
  const isOurs = JSON.stringify(progress.answer).includes(JSON.stringify(relayed));
  return isOurs ? { ...progress, answer: relayed } : progress;
}
