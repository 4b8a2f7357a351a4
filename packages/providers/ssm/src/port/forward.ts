import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type Duplex, pipeline } from "node:stream";
import { ssmError } from "../errors.js";

export interface ForwardOptions {
  /** Default: what the session's document says; 0 or nothing there is any free port. */
  readonly port?: number;
  /** The address to listen at. Default `127.0.0.1`: others of this machine's network cannot connect. */
  readonly host?: string;
  /** A unix socket instead of a port. */
  readonly path?: string;
  /** Told whenever a connection begins or is over: how many are open now. */
  readonly onConnectionCount?: (openCount: number) => void;
  /** Told of connections that broke, for example because the agent cannot reach the port. */
  readonly onConnectionError?: (error: Error) => void;
}

/** A listener on this machine whose connections lead to the remote port. */
export interface PortForward {
  /** Of the listener; undefined for a unix socket. */
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly connectionCount: number;
  /** Stops listening. Resolves once the last connection is over by itself. */
  drain(): Promise<void>;
  /** Stops listening and breaks off what is connected. */
  close(): Promise<void>;
}

const loopback = "127.0.0.1";

/** Listens, and carries every connection over one of `connect`. Rejects with `CONFIG_INVALID` when it cannot listen. */
export async function listenFor(connect: () => Duplex, options: ForwardOptions): Promise<PortForward> {
  const { path, port = 0, host = loopback, onConnectionCount, onConnectionError } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    onConnectionCount?.(sockets.size);
    socket.on("close", () => {
      sockets.delete(socket);
      onConnectionCount?.(sockets.size);
    });
    join(socket, connect, onConnectionError);
  });
  await listening(server, path === undefined ? { port, host } : { path });
  const address = server.address();
  const bound: AddressInfo | undefined = typeof address === "object" && address ? address : undefined;
  const drain = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return {
    port: bound?.port,
    host: bound?.address,
    path,
    get connectionCount() {
      return sockets.size;
    },
    drain,
    close() {
      for (const socket of sockets) socket.destroy();
      return drain();
    },
  };
}

function join(socket: Socket, connect: () => Duplex, onConnectionError: ForwardOptions["onConnectionError"]): void {
  let remote: Duplex;
  try {
    remote = connect();
  } catch (error) {
    socket.destroy();
    if (error instanceof Error) onConnectionError?.(error);
    return;
  }
  // Frames are small and many come in one read: together they leave in one write.
  let isCorked = false;
  remote.on("data", () => {
    if (isCorked) return;
    isCorked = true;
    socket.cork();
    process.nextTick(() => {
      isCorked = false;
      socket.uncork();
    });
  });
  // One way breaking breaks the other; one way ending leaves the other open.
  pipeline(socket, remote, (error) => {
    if (error) remote.destroy();
  });
  pipeline(remote, socket, (error) => {
    if (!error) return;
    socket.destroy();
    onConnectionError?.(error);
  });
}

function listening(server: Server, where: { port: number; host: string } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const message = `Cannot listen there: ${cause.code ?? "unknown error"}.`;
      reject(ssmError({ code: "CONFIG_INVALID", message, cause }));
    });
    server.listen(where, resolve);
  });
}
