import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A line between one worker and the broker, which can be cut and made slow. */
export interface Proxy {
  readonly port: number;
  /** Drops what is connected, and refuses, until `mend`. */
  cut(): void;
  mend(): void;
  /** Holds every piece for so long, in milliseconds; 0 for none. */
  slow(ms: number): void;
  close(): Promise<void>;
}

export async function startProxy(target: () => number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let delayMs = 0;
  const pass = (from: Socket, to: Socket): void => {
    // One after another: when the line becomes quick again, what is still held must not be overtaken.
    let line: Promise<unknown> = Promise.resolve();
    from.on("data", (piece: Buffer) => {
      const heldUntil = delayMs === 0 ? undefined : delay(delayMs);
      line = line.then(() => heldUntil).then(() => to.write(piece));
    });
    from.on("close", () => to.destroy());
    from.on("error", () => to.destroy());
  };
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(target(), "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    pass(near, far);
    pass(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      destroyAll();
    },
    mend() {
      isCut = false;
    },
    slow(ms) {
      delayMs = ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        destroyAll();
      }),
  };
}
