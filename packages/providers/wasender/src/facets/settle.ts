import { call, type OtherSend, type OutboundMessage, type SendFacet } from "@colloquy/core/contract";
import { isRecord } from "../json.js";
import { bodyOfMessage } from "../message-body.js";
import { type MessageLogRow, messageLogs } from "../operations/sessions/logs.js";
import { toJid } from "../phone.js";

/** How far the service's clock may be from ours, in milliseconds; its log tells whole seconds. ASSUMED. */
const clockDifferenceMs = 5_000;
const perPage = 50;
const mostPages = 4;

/** Names a message of which only the log tells: the log has ids of its own. */
export const logReceiptPrefix = "log:";

/**
 * The log tells what was taken, where the session keeps one. A row counts when it says the same to the same recipient, was
 * written in the time of the send, and nothing else left in that time; so what is found is certain, and what is not found is not.
 */
export const settle: NonNullable<SendFacet["settle"]> = function* (message, traces) {
  const fromMs = traces.startedAtMs - clockDifferenceMs;
  const untilMs = traces.endedAtMs + clockDifferenceMs;
  if (traces.others.some((other) => overlaps(other, fromMs, untilMs))) return undefined;
  const found: MessageLogRow[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const { items } = yield* call(messageLogs, { page, perPage });
    for (const row of items)
      if (isWithin(row, fromMs, untilMs) && row.status !== "failed" && saysTheSame(row, message)) found.push(row);
    const oldestMs = items.at(-1)?.createdAtMs;
    if (items.length < perPage || oldestMs === undefined || oldestMs < fromMs) break;
  }
  const [row, another] = found;
  return row && !another ? { providerMessageId: `${logReceiptPrefix}${row.id}`, status: row.status } : undefined;
};

const overlaps = ({ startedAtMs, endedAtMs }: OtherSend, fromMs: number, untilMs: number): boolean =>
  endedAtMs >= fromMs && startedAtMs <= untilMs;

const isWithin = ({ createdAtMs }: MessageLogRow, fromMs: number, untilMs: number): boolean =>
  createdAtMs !== undefined && createdAtMs >= fromMs && createdAtMs <= untilMs;

function saysTheSame({ to, content }: MessageLogRow, message: OutboundMessage): boolean {
  if (to === undefined || toJid(to) !== toJid(message.to) || !isRecord(content)) return false;
  const { to: _to, ...said } = bodyOfMessage(message);
  const keys = new Set([...Object.keys(said), ...Object.keys(content).filter((key) => key !== "to")]);
  const given: Readonly<Record<string, unknown>> = said;
  return [...keys].every((key) => JSON.stringify(given[key]) === JSON.stringify(content[key]));
}
