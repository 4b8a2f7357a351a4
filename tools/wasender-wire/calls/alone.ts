import type { Call } from "../call.js";
import { ada, to } from "./people.js";

/** What only ours can do with a connected session. */
export const aloneCalls: readonly Call[] = [
  { route: "GET /user", ours: ({ ours }) => ours.account.user() },
  { route: "GET /auth-check", ours: ({ account }) => account.account.authCheck() },
  {
    route: "POST /send-message",
    what: "poll",
    ours: ({ ours }) => ours.messages.send({ to, poll: { question: "Tea?", options: ["yes", "no"] } }),
  },
  {
    route: "GET /contacts",
    what: "a page",
    ours: ({ ours }) => ours.contacts.page({ page: 2, perPage: 50 }),
  },
  { route: "GET /groups", what: "a page", ours: ({ ours }) => ours.groups.page({ page: 2, perPage: 50 }) },
  {
    route: "PUT /contacts",
    ours: ({ ours }) => ours.contacts.save({ contact: to, fullName: "Ada Lovelace" }),
  },
  {
    route: "POST /messages/read",
    ours: ({ ours }) => ours.messages.markRead({ messageKey: "3EB0000000000000", chatId: ada }),
  },
  {
    route: "POST /messages/{logId}/resend",
    before: (stage) => stage.failMessage(),
    mayFail: true,
    ours: ({ ours }) => ours.messages.resend({ logId: "1001" }),
  },
  {
    route: "GET /whatsapp-sessions/{id}/message-logs",
    ours: ({ ours }) => ours.sessions.messageLogs({ page: 2, perPage: 25, status: "failed" }),
  },
  {
    route: "GET /whatsapp-sessions/{id}/session-logs",
    ours: ({ ours }) => ours.sessions.sessionLogs({ perPage: 25 }),
  },
  { route: "GET /lid-from-pn/{pn}", ours: ({ ours }) => ours.lookups.lidFromPhone({ phone: to }) },
  {
    route: "GET /pn-from-lid/{lid}",
    mayFail: true,
    ours: ({ ours }) => ours.lookups.phoneFromLid({ lid: "100000000000001@lid" }),
  },
  { route: "GET /fetch-username/{contact_identifier}", ours: ({ ours }) => ours.lookups.username({ contact: "@ada" }) },
  { route: "POST /whatsapp-sessions/{id}/restart", ours: ({ ours }) => ours.sessions.restart() },
];
