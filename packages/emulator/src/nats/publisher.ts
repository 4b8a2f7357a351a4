import { connect, type Socket } from "node:net";

/** Publishes to a NATS server as plain messages: no headers, and each one acknowledged by a round trip. */
export interface NatsPublisher {
  /**
   * Resolves when the server has it. While there is no server, it tries again until there is one or `close` is called, so a message
   * may arrive twice and is never lost silently. What follows a space in the subject counts as its reply subject.
   */
  readonly publish: (subject: string, payload: string, reply?: string) => Promise<void>;
  /** Rejects what is still waiting. */
  close(): void;
}

/** ASSUMED: how long to wait before the next try. */
const retryAfterMs = 100;

/** `nats://user:password@host:port`, or with a token in the user's place. */
export function natsPublisher(url: string): NatsPublisher {
  const { hostname, port, username, password } = new URL(url);
  const options = {
    verbose: false,
    pedantic: false,
    tls_required: false,
    name: "colloquy-emulator",
    lang: "node",
    version: "0",
    protocol: 1,
    ...(password === "" ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    ...(password === "" && username !== "" ? { auth_token: decodeURIComponent(username) } : {}),
  };
  const closing = new AbortController();
  let link: Promise<Link> | undefined;
  const dial = (): Promise<Link> => {
    link ??= open(hostname, Number(port || 4222), JSON.stringify(options), closing.signal);
    return link;
  };
  const publish = async (subject: string, payload: string, reply?: string): Promise<void> => {
    const line = [subject, ...(reply === undefined ? [] : [reply]), Buffer.byteLength(payload)].join(" ");
    for (;;) {
      if (closing.signal.aborted) throw new Error("nats: connection closed");
      const current = dial();
      try {
        return await (await current).send(`PUB ${line}\r\n${payload}\r\n`);
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (link === current) link = undefined;
        await pause(retryAfterMs);
      }
    }
  };
  return {
    publish,
    close() {
      closing.abort();
      void link?.then(
        (open) => open.end(),
        () => undefined,
      );
    },
  };
}

/** The server said no: trying again would not help. */
class Refused extends Error {}

interface Link {
  send(command: string): Promise<void>;
  end(): void;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One connection. Every command is followed by PING, so its PONG says that the server has taken the command. */
function open(host: string, port: number, options: string, signal: AbortSignal): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port });
    // Its owner keeps the process alive, not an idle line.
    socket.unref();
    const waiting: { resolve(): void; reject(error: Error): void }[] = [];
    const stop = (error: Error): void => {
      socket.destroy();
      reject(error);
      for (const one of waiting.splice(0)) one.reject(error);
    };
    signal.addEventListener("abort", () => stop(new Error("nats: connection closed")), { once: true });
    socket.on("error", stop);
    socket.on("close", () => stop(new Error("nats: connection lost")));
    const send = (command: string): Promise<void> =>
      new Promise((done, failed) => {
        if (socket.destroyed) return failed(new Error("nats: connection lost"));
        waiting.push({ resolve: done, reject: failed });
        socket.write(`${command}PING\r\n`);
      });
    const link: Link = { send, end: () => socket.destroy() };
    let rest = "";
    let isGreeted = false;
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        // Told again whenever the cluster changes.
        if (line.startsWith("INFO") && !isGreeted) {
          isGreeted = true;
          send(`CONNECT ${options}\r\n`).then(() => resolve(link), reject);
        } else if (line === "PING") socket.write("PONG\r\n");
        else if (line === "PONG") waiting.shift()?.resolve();
        else if (line.startsWith("-ERR")) stop(new Refused(`nats: ${line.slice(5).replaceAll("'", "")}`));
      }
    });
  });
}
