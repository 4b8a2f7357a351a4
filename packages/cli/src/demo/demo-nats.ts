import { type NatsServer, NatsServerMissing, natsServer } from "@colloquy/emulator";
import type { Context } from "../context.js";

/** A real nats-server that is got ready while the first act runs. */
export interface DemoNats {
  /** The server, or why there is none. Waits only a little. */
  soon(): Promise<NatsServer | string>;
  /** For the emulator: what its humans answer. */
  readonly publish: (subject: string, payload: string) => Promise<void>;
  close(): Promise<void>;
}

/** Debian's package may have to be fetched first; a demo does not wait for that for long. */
const patienceMs = 3_000;

export function startDemoNats({ io }: Context): DemoNats {
  let isOver = false;
  const server: Promise<NatsServer | string> = natsServer({ environment: io.environment }).catch((error: unknown) => {
    if (error instanceof NatsServerMissing) return error.message;
    return `nats-server did not start (${error instanceof Error ? error.message : String(error)}).`;
  });
  const closeLate = (found: NatsServer | string): void => {
    if (isOver && typeof found !== "string") void found.close();
  };
  void server.then(closeLate);
  const soon = async (): Promise<NatsServer | string> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve("no nats-server was ready in time."), patienceMs);
    });
    const found = await Promise.race([server, late]);
    clearTimeout(timer);
    return found;
  };
  return {
    soon,
    async publish(subject, payload) {
      const found = await server;
      if (typeof found === "string") throw new Error("There is no NATS.");
      await found.publish(subject, payload);
    },
    async close() {
      isOver = true;
      const found = await Promise.race([server, Promise.resolve("not ready")]);
      if (typeof found !== "string") await found.close();
    },
  };
}
