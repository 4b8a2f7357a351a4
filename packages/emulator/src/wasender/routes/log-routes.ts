import { type Answer, dataAnswer } from "../answer.js";
import { messageLogJson, sessionLogJson } from "../logs.js";
import { lengthAwarePage } from "../paginator.js";
import { accountRoute, type Call, type Route } from "../route.js";
import { named } from "./session-routes.js";

export const logRoutes: Route[] = [
  accountRoute("GET", "/whatsapp-sessions/:id/message-logs", (call) => {
    const session = named(call);
    const status = call.query.get("status");
    const rows = [...call.account.messageLogs.values()].filter(
      (row) => row.sessionId === session.id && (status === null || row.status === status),
    );
    return newestFirst(call, "message-logs", rows.map(messageLogJson));
  }),
  accountRoute("GET", "/whatsapp-sessions/:id/session-logs", (call) => {
    const session = named(call);
    const rows = call.account.sessionLogs.filter((row) => row.sessionId === session.id);
    return newestFirst(call, "session-logs", rows.map(sessionLogJson));
  }),
];

function newestFirst(call: Call, name: string, rows: Record<string, unknown>[]): Answer {
  const path = `${call.account.root}/api/whatsapp-sessions/${named(call).id}/${name}`;
  return dataAnswer(lengthAwarePage(rows.toReversed(), call.query, path));
}
