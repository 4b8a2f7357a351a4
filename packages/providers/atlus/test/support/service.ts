import {
  type Colloquy,
  createColloquy,
  memoryStore,
  type Session,
  type SessionEvent,
  type Store,
} from "@colloquy/core";
import { type AtlusDials, type AtlusEmulator, shiftingClock, startEmulator } from "@colloquy/emulator";
import { type AtlusOptions, type AtlusProvider, atlus } from "../../src/index.js";

/** An emulated ATLUS with one session that is connected, and a client in front of it. Both read one clock. */
export interface Service {
  readonly emulator: AtlusEmulator;
  readonly clock: ReturnType<typeof shiftingClock>;
  readonly colloquy: Colloquy<readonly [AtlusProvider]>;
  readonly store: Store;
  readonly session: Session<AtlusProvider>;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly dials?: Partial<AtlusDials>;
  readonly provider?: AtlusOptions;
  readonly tokens?: string[];
}

export async function startService({ dials = {}, provider = {}, tokens = [] }: ServiceOptions = {}): Promise<Service> {
  const clock = shiftingClock();
  const { atlus: emulator, close } = await startEmulator({ clock, atlus: { dials, personalAccessTokens: tokens } });
  const store = memoryStore();
  const colloquy = createColloquy({
    providers: [atlus({ baseUrl: emulator.baseUrl, ...provider })],
    store,
    clock,
    reconnect: { baseMs: 5 },
    transport: { limits: { backoffBaseMs: 1 } },
  });
  const session = await colloquy.sessions.create("atlus", { userId: "user_123", metadata: { source: "test" } });
  await session.start();
  await session.waitFor("connected", { timeoutMs: 4_000 });
  return {
    emulator,
    clock,
    colloquy,
    store,
    session,
    async close() {
      await colloquy.shutdown({ graceMs: 0 });
      await close();
    },
  };
}

/** The next event of one type. */
export async function nextEvent<Type extends SessionEvent["type"]>(
  events: AsyncIterator<SessionEvent>,
  type: Type,
): Promise<Extract<SessionEvent, { readonly type: Type }>> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error(`The events ended before a ${type}.`);
    const event = value;
    if (event.type === type) return event as Extract<SessionEvent, { readonly type: Type }>;
  }
}

/** Lets what is on its way over loopback arrive, until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
