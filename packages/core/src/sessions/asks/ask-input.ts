import type { AskQuestion, InstantMs, JsonValue, Problem } from "../../contract/index.js";
import { mintId } from "../../random.js";
import type { AskRoute, NewAskRow } from "../../store/asks.js";
import { invalid } from "../check-message.js";
import { unsupported } from "../exchanges.js";
import type { Runtime } from "../runtime.js";
import type { SessionHost } from "../session-host.js";
import { jsonSchemaOf } from "./answer-schema.js";
import type { AskOptions } from "./ask.js";

// ASSUMED, both: people answer the next morning; a third reminder that was not heeded will not be followed by a heeded fourth.
const defaultDeadlineMs = 86_400_000;
const defaultReminders = 3;

/** The row of a question, not stored yet. Throws `INPUT_INVALID`, and `UNSUPPORTED` where nothing can carry it. */
export function newAsk(runtime: Runtime, host: SessionHost, options: AskOptions<unknown>): NewAskRow {
  const nowMs = runtime.clock.now();
  const problems = problemsOf(options, nowMs);
  const route = routeOf(host, options);
  if (route && route.to === "") problems.push({ field: "to", message: "Must say whom the message goes to." });
  if (problems.length > 0) throw invalid(host.provider, problems);
  const { escalate, remindAfterMs, reminders = defaultReminders } = options;
  const id = options.id ?? mintId("ask", nowMs, runtime.random);
  return {
    id,
    sessionId: host.record.id,
    state: "queued",
    question: questionOf(options, id, nowMs),
    ...(route ? { route } : {}),
    keys: [],
    acceptedAtMs: nowMs,
    result: null,
    isDelivered: false,
    ...(remindAfterMs === undefined ? {} : { remind: { afterMs: remindAfterMs, times: reminders } }),
    reminderCount: 0,
    ...(escalate
      ? {
          escalate: {
            to: escalate.to,
            afterMs: escalate.afterMs,
            ...(escalate.session ? { sessionId: escalate.session.id } : {}),
          },
        }
      : {}),
  };
}

function questionOf(options: AskOptions<unknown>, id: string, nowMs: InstantMs): AskQuestion {
  const { text, to, details, deadlineMs = defaultDeadlineMs, deadlineAtMs = nowMs + deadlineMs } = options;
  const answerSchema = jsonSchemaOf(options.schema);
  return {
    id,
    text,
    ...(to === undefined ? {} : { to }),
    ...(answerSchema === undefined ? {} : { answerSchema }),
    deadlineAtMs,
    ...(details ? { details: JSON.parse(JSON.stringify(details)) as Readonly<Record<string, JsonValue>> } : {}),
  };
}

/** Absent: the provider puts it itself. */
function routeOf({ provider, record }: SessionHost, { via, to = "" }: AskOptions<unknown>): AskRoute | undefined {
  if (via) return { sessionId: via.id, to };
  const { ask, send, receive } = provider.facets;
  if (ask) return undefined;
  if (!send || !receive) throw unsupported(provider, "ask");
  return { sessionId: record.id, to };
}

function problemsOf(options: AskOptions<unknown>, nowMs: InstantMs): Problem[] {
  const { text, id, deadlineMs, deadlineAtMs, remindAfterMs, reminders, escalate } = options;
  const problems: Problem[] = [];
  const wrong = (field: string, message: string): void => void problems.push({ field, message });
  if (typeof text !== "string" || text.trim() === "") wrong("text", "May not be blank.");
  if (id !== undefined && id.trim() === "") wrong("id", "May not be blank.");
  if (deadlineMs !== undefined && !isAbove(deadlineMs, 0)) wrong("deadlineMs", "Must be a number above 0.");
  if (deadlineAtMs !== undefined && !isAbove(deadlineAtMs, nowMs)) wrong("deadlineAtMs", "Must be in the future.");
  if (remindAfterMs !== undefined && !isAbove(remindAfterMs, 0)) wrong("remindAfterMs", "Must be a number above 0.");
  if (reminders !== undefined && !(Number.isInteger(reminders) && reminders >= 0))
    wrong("reminders", "Must be a whole number, 0 or above.");
  if (escalate && escalate.to.trim() === "") wrong("escalate.to", "Must say whom to ask.");
  if (escalate && !isAbove(escalate.afterMs, 0)) wrong("escalate.afterMs", "Must be a number above 0.");
  return problems;
}

function isAbove(value: number, least: number): boolean {
  return Number.isFinite(value) && value > least;
}
