import type { MessageLogRow } from "@colloquy/wasender";
import { parseDuration } from "../../durations.js";
import { maskText } from "../../masking.js";
import type { Output } from "../../output/output.js";
import { usageError } from "../../usage-error.js";
import type { Row } from "../answer.js";
import { flag, type Given, isSet, type VerbCall } from "../call.js";
import { followLog } from "../follow-log.js";
import { type PageSize, upToLimit } from "../pages.js";

type Status = NonNullable<Parameters<Given["api"]["sessions"]["messageLogs"]>[0]>["status"];

const statuses: readonly string[] = ["sent", "failed", "in_progress"];
const defaultEveryMs = 5_000;

const messages: VerbCall = async (given) => {
  const { api, context } = given;
  const { output, signal } = context;
  const status = statusOf(given);
  const only = status === undefined ? {} : { status };
  const pages = (size: PageSize) => api.sessions.messageLogs.pages({ ...size, ...only }, { signal });
  const each = (size: PageSize) => api.sessions.messageLogs.each({ ...size, ...only }, { signal });
  const isLive = isSet(given, "follow");
  const every = flag(given, "every");
  if (every !== undefined && !isLive) throw usageError("--every is for --follow.", "Give both, or neither.");
  const everyMs = every === undefined ? defaultEveryMs : parseDuration(every);
  const rows = isLive ? followLog(pages, { everyMs, signal }) : upToLimit(given, each);
  return {
    headings: ["ID", "AT", "STATUS", "TO", "CONTENT", "REASON"],
    none: "The log is empty.",
    isLive,
    rows: (async function* () {
      for await (const row of rows) yield messageRow(row, output);
    })(),
  };
};

const sessions: VerbCall = async (given) => {
  const { api, context } = given;
  const { signal } = context;
  const rows = upToLimit(given, (size) => api.sessions.sessionLogs.each(size, { signal }));
  return {
    headings: ["ID", "AT", "EVENT", "STATUS"],
    none: "The log is empty.",
    rows: (async function* () {
      for await (const { id, eventType, status, occurredAtMs } of rows) {
        const cells = [id, instant(occurredAtMs), eventType, status ?? ""];
        yield { cells, fields: { id, eventType, status, occurredAtMs } };
      }
    })(),
  };
};

function statusOf(given: Given): Status {
  const status = flag(given, "status");
  if (status === undefined || statuses.includes(status)) return status as Status;
  throw usageError(`There is no status "${status}".`, `Use one of: ${statuses.join(", ")}.`);
}

function messageRow(row: MessageLogRow, output: Output): Row {
  const { id, status, createdAtMs, updatedAtMs } = row;
  const to = output.address(row.to);
  const content = row.content === undefined ? undefined : output.text(written(row.content));
  const failedReason =
    row.failedReason === undefined || output.showSecrets ? row.failedReason : maskText(row.failedReason);
  return {
    cells: [id, instant(createdAtMs), status, to ?? "", content ?? "", failedReason ?? ""],
    fields: { id, status, to, content, failedReason, createdAtMs, updatedAtMs },
  };
}

/** A text by itself; anything else as the request that it was. */
function written(content: unknown): string {
  if (typeof content === "string") return content;
  const { text } = (content ?? {}) as { readonly text?: unknown };
  return typeof text === "string" ? text : JSON.stringify(content);
}

const instant = (atMs: number | undefined): string => (atMs === undefined ? "" : new Date(atMs).toISOString());

export const logCalls: { readonly "logs messages": VerbCall; readonly "logs sessions": VerbCall } = {
  "logs messages": messages,
  "logs sessions": sessions,
};
