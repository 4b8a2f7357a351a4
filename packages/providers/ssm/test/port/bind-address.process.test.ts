import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { listenFor } from "../../src/port/forward.js";

const isReached = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.end());
  });

// Elsewhere only 127.0.0.1 is there without being set up.
it.runIf(process.platform === "linux")(
  "a forwarded port listens at the address that was asked for, and at no other",
  async () => {
    const forward = await listenFor(() => new PassThrough(), { host: "127.0.0.2" });
    const port = forward.port ?? 0;
    expect(forward.host).toBe("127.0.0.2");
    expect(await isReached("127.0.0.2", port)).toBe(true);
    expect(await isReached("127.0.0.1", port)).toBe(false);
    await forward.close();
  },
);
