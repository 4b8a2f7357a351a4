import type { Call } from "../call.js";
import type { Stage } from "../world.js";

const connected = (stage: Stage): Promise<void> => stage.connect();

const settings = { name: "Shop", phone_number: "+15550100", account_protection: false, log_messages: true };

const ourSettings = { name: "Shop", phoneNumber: "+15550100", accountProtection: false, logMessages: true };

/** From its making until it is connected. */
export const sessionsCalls: readonly Call[] = [
  {
    route: "POST /whatsapp-sessions",
    theirs: ({ theirs }) => theirs.createWhatsAppSession(settings),
    ours: ({ account }) => account.sessions.create(ourSettings),
  },
  {
    route: "GET /whatsapp-sessions",
    theirs: ({ theirs }) => theirs.getAllWhatsAppSessions(),
    ours: ({ account }) => account.sessions.list(),
  },
  {
    route: "GET /whatsapp-sessions/{id}",
    theirs: ({ theirs }) => theirs.getWhatsAppSessionDetails(1),
    ours: ({ account }) => account.sessions.get({ id: 1 }),
  },
  {
    route: "POST /whatsapp-sessions/{id}/connect",
    theirs: ({ theirs }) => theirs.connectWhatsAppSession(1),
    ours: ({ account }) => account.sessions.connect({ id: 1 }),
  },
  {
    route: "POST /whatsapp-sessions/{id}/connect",
    what: "asking for a picture",
    theirs: ({ theirs }) => theirs.connectWhatsAppSession(1, true),
    ours: ({ account }) => account.sessions.connect({ id: 1 }),
  },
  {
    route: "GET /whatsapp-sessions/{id}/qrcode",
    theirs: ({ theirs }) => theirs.getWhatsAppSessionQRCode(1),
    ours: ({ account }) => account.sessions.qrCode({ id: 1 }),
  },
  {
    route: "PUT /whatsapp-sessions/{id}",
    theirs: ({ theirs }) =>
      theirs.updateWhatsAppSession(1, {
        webhook_url: "http://127.0.0.1:9/hook",
        webhook_enabled: true,
        webhook_events: ["messages.received"],
      }),
    ours: ({ account }) =>
      account.sessions.update({
        id: 1,
        webhookUrl: "http://127.0.0.1:9/hook",
        webhookEnabled: true,
        webhookEvents: ["messages.received"],
      }),
  },
  {
    route: "GET /status",
    before: connected,
    theirs: ({ theirs }) => theirs.getSessionStatus(),
    ours: ({ ours }) => ours.account.status(),
  },
];
