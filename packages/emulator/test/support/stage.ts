import { afterEach, beforeEach } from "vitest";
import { type Emulator, type SessionView, startEmulator, type WasenderEmulatorOptions } from "../../src/index.js";
import { type ApiClient, apiClient } from "./api-client.js";
import { type Receiver, startReceiver } from "./receiver.js";
import { type VirtualClock, virtualClock } from "./virtual-clock.js";

/** A fresh emulator in virtual time, a client for it and a webhook receiver, for every test of a file. */
export interface Stage {
  emulator: Emulator;
  clock: VirtualClock;
  api: ApiClient;
  receiver: Receiver;
  /** Makes a session over the API, with every webhook on unless told. */
  session(settings?: Record<string, unknown>): Promise<SessionView>;
  /** The same, paired and connected. */
  connected(settings?: Record<string, unknown>): Promise<SessionView>;
  /** The session as it stands. */
  view(id: number): SessionView;
  /** Moves time on and waits until the webhooks that left have arrived. */
  pass(ms: number): Promise<void>;
}

/** Every event of the documentation. */
export const allEvents: readonly string[] = [
  "call",
  "chats.delete",
  "chats.update",
  "chats.upsert",
  "contacts.update",
  "contacts.upsert",
  "group-participants.update",
  "groups.update",
  "groups.upsert",
  "message-receipt.update",
  "message.sent",
  "messages-group.received",
  "messages-newsletter.received",
  "messages-personal.received",
  "messages.delete",
  "messages.reaction",
  "messages.received",
  "messages.update",
  "messages.upsert",
  "passkey.updated",
  "poll.results",
  "qrcode.updated",
  "session.status",
];

export function useStage(options: WasenderEmulatorOptions = {}): Stage {
  const stage = {} as Stage;
  beforeEach(async () => {
    const clock = virtualClock();
    const emulator = await startEmulator({ clock, wasender: options });
    const receiver = await startReceiver();
    const api = apiClient(emulator);
    const view = (id: number): SessionView => {
      const found = emulator.wasender.sessions.find((session) => session.id === id);
      if (found === undefined) throw new Error(`no session ${id}`);
      return found;
    };
    const session = async (settings: Record<string, unknown> = {}): Promise<SessionView> => {
      const { body } = await api("POST", "/whatsapp-sessions", {
        name: "Shop",
        phone_number: "+15550100",
        account_protection: false,
        log_messages: true,
        webhook_url: receiver.url,
        webhook_enabled: true,
        webhook_events: allEvents,
        ...settings,
      });
      return view(body.data.id);
    };
    const connected = async (settings: Record<string, unknown> = {}): Promise<SessionView> => {
      const { id } = await session(settings);
      await api("POST", `/whatsapp-sessions/${id}/connect`);
      emulator.wasender.scan(id);
      clock.advance(300);
      await emulator.wasender.webhooksSettled();
      receiver.received.length = 0;
      return view(id);
    };
    const pass = async (ms: number): Promise<void> => {
      clock.advance(ms);
      await emulator.wasender.webhooksSettled();
    };
    Object.assign(stage, { emulator, clock, api, receiver, session, connected, view, pass });
  });
  afterEach(async () => {
    await stage.emulator.close();
    await stage.receiver.close();
  });
  return stage;
}
