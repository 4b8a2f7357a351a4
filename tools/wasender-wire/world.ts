import { type Colloquy, createColloquy, type Session } from "@colloquy/core";
import { type Emulator, startEmulator } from "../../packages/emulator/src/index.js";
import { createWasender, type Wasender } from "../../packages/emulator/test/support/published-client.js";
import { type WasenderProvider, wasender } from "../../packages/providers/wasender/src/index.js";

/** One emulator with one session, and either client in front of it. Both runs begin from the same seed and find the same ids. */
export interface World {
  readonly emulator: Emulator;
  readonly theirs: Wasender;
  readonly account: ReturnType<Colloquy<readonly [WasenderProvider]>["provider"]>;
  /** The session's own calls; there once the session is. */
  readonly ours: Session<WasenderProvider>["provider"];
  readonly group: string;
  /** The last message that was sent. */
  readonly msgId: number;
  /** `data` of a webhook that brought a picture. */
  readonly received: { readonly messages: Readonly<Record<string, unknown>> };
}

export interface Stage {
  readonly world: World;
  /** Forgets everything, so that the next client meets what the last one met. */
  restart(): Promise<void>;
  /** Makes the session known to both clients and connects it. */
  connect(): Promise<void>;
  /** A message of the session fails for good, so that it can be resent. */
  failMessage(): Promise<void>;
  close(): Promise<void>;
}

const sessionId = 1;

export async function openStage(): Promise<Stage> {
  const emulator = await startEmulator({ wasender: { dials: { sentAfterMs: 0, unknownNumbers: ["+15550199"] } } });
  const { wasender: service } = emulator;
  const { baseUrl, personalAccessToken } = service;
  let colloquy = client();
  let session: Session<WasenderProvider> | undefined;
  let theirs = createWasender(undefined, personalAccessToken, baseUrl);
  let group = "";
  let received: World["received"] | undefined;

  function client(): Colloquy<readonly [WasenderProvider]> {
    return createColloquy({ providers: [wasender({ baseUrl, personalAccessToken })] });
  }
  const sessionKey = (): string => service.sessions.find(({ id }) => id === sessionId)?.apiKey ?? "";
  const there = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new TypeError("There is no session yet.");
    return value;
  };

  /** What a caller would have at hand: a group and a received picture. */
  async function lookAround(): Promise<void> {
    const answer = await fetch(`${baseUrl}/groups`, { headers: { authorization: `Bearer ${sessionKey()}` } });
    group = ((await answer.json()) as { data: { jid: string }[] }).data[0]?.jid ?? "";
    service.receive(sessionId, {
      from: "+15550101",
      text: "",
      media: { kind: "image", bytes: new TextEncoder().encode("a picture"), mimetype: "image/png" },
    });
    await service.webhooksSettled();
    const data = service.deliveries.findLast(({ event }) => event === "messages.received")?.body;
    received = (data as { data: World["received"] }).data;
  }

  return {
    world: {
      emulator,
      get theirs() {
        return theirs;
      },
      get account() {
        return colloquy.provider("wasender");
      },
      get ours() {
        return there(session).provider;
      },
      get group() {
        return group;
      },
      get msgId() {
        return service.sent.at(-1)?.msgId ?? 0;
      },
      get received() {
        return there(received);
      },
    },
    async restart() {
      await colloquy.shutdown({ graceMs: 0 });
      service.reset();
      colloquy = client();
      session = undefined;
      theirs = createWasender(undefined, personalAccessToken, baseUrl);
    },
    async connect() {
      session ??= await colloquy.sessions.attach("wasender", String(sessionId));
      service.setStatus(sessionId, "connected");
      theirs = createWasender(sessionKey(), personalAccessToken, baseUrl);
      if (group === "" || !service.deliveries.some(({ event }) => event === "messages.received")) await lookAround();
    },
    async failMessage() {
      await theirs.sendText({ to: "+15550199", text: "hello" });
      while (service.sent.at(-1)?.status !== 0) await new Promise((resolve) => setImmediate(resolve));
    },
    async close() {
      await colloquy.shutdown({ graceMs: 0 });
      await emulator.close();
    },
  };
}
