import { createColloquy, type Session } from "@colloquy/core";
import { startEmulator } from "@colloquy/emulator";
import { type WasenderProvider, wasender } from "@colloquy/wasender";
import { pairedSession } from "./paired-session.js";

/** All that a webhook receiver needs around it: an account, a paired session, and somebody who writes. */
export interface Rehearsal {
  readonly provider: WasenderProvider;
  readonly session: Session<WasenderProvider>;
  /** What the provider signs this session's webhooks with; its site shows it, too. */
  readonly secret: string;
  /** Tells the provider where the receiver is, has somebody write, and resolves when every webhook was answered. */
  readonly rehearse: (url: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function webhookRehearsal(): Promise<Rehearsal> {
  const emulator = await startEmulator({
    wasender: { dials: { scanAfterMs: 200, connectDelayMs: 100 } },
  });
  const { wasender: emulated } = emulator;
  const { personalAccessToken, baseUrl } = emulated;
  const provider = wasender({ personalAccessToken, baseUrl });
  const colloquy = createColloquy({ providers: [provider] });
  const session = await colloquy.sessions.attach("wasender", await pairedSession({ personalAccessToken, baseUrl }));
  const { value } = await session.provider.sessions.get();
  return {
    provider,
    session,
    secret: value.webhookSecret ?? "",
    async rehearse(url) {
      await session.provider.sessions.update({
        webhookUrl: url,
        webhookEnabled: true,
        // One message under three names: the receiver makes one event of it.
        webhookEvents: ["messages.received", "messages-personal.received", "messages.upsert"],
      });
      emulated.receive(Number(session.remoteId), { from: "+15550101", text: "Is my order on its way?", name: "Ada" });
      // What is sent leaves with the next turn of the loop.
      await new Promise((resolve) => setTimeout(resolve, 100));
      await emulated.webhooksSettled();
      console.log(`The provider was answered ${emulated.deliveries.map(({ status }) => status).join(", ")}.`);
    },
    async stop() {
      await colloquy.shutdown();
      await emulator.close();
    },
  };
}
