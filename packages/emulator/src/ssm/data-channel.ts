import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { SsmGateway } from "./gateway.js";
import { isFromElsewhere } from "./loopback.js";
import type { SsmSession } from "./session.js";

const path = /^\/v1\/data-channel\/([^/?]+)(?:\?.*)?$/;

/** How long a new connection may say nothing. ASSUMED. */
const openMessageLimitMs = 15_000;
/** ASSUMED: the service does not say what it closes an unwanted connection with. */
const policyViolation = 1_008;
/** The longest message that is read. The genuine peers know no limit; a frame of 4 MiB works with them. */
const messageLimitBytes = 16 * 1024 * 1024;

/** The WebSocket side of the service. */
export interface DataChannel {
  /** For the server's `upgrade` event. False when the address is not a data channel's. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

export function createDataChannel(gateway: SsmGateway): DataChannel {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // A client may offer subprotocols; the service never takes one.
    handleProtocols: () => false,
    // A deaf connection must not answer pings, so they are answered by hand.
    autoPong: false,
    maxPayload: messageLimitBytes,
  });
  return {
    upgrade(incoming, socket, head) {
      const id = path.exec(incoming.url ?? "")?.[1];
      if (id === undefined) return false;
      const session = gateway.sessions.get(decodeURIComponent(id));
      if (isFromElsewhere(incoming)) refuse(socket, "403 Forbidden");
      else if (session === undefined) refuse(socket, "404 Not Found");
      else server.handleUpgrade(incoming, socket, head, (ws) => awaitOpening(gateway, session, ws, socket));
      return true;
    },
    close() {
      for (const ws of server.clients) ws.terminate();
      server.close();
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.on("error", () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The first message must be JSON with a token of the session. Everything after it is frames. */
function awaitOpening(gateway: SsmGateway, session: SsmSession, ws: WebSocket, socket: Duplex): void {
  const { stage } = gateway;
  const limit = stage.timers.after(openMessageLimitMs, () => ws.terminate());
  const pong = (bytes: Buffer): void => {
    session.counters.pings += 1;
    if (!stage.dials.deaf) ws.pong(bytes);
  };
  // Replaced by the link's own, once it has the connection.
  ws.on("error", () => ws.terminate());
  ws.on("close", () => limit.cancel());
  ws.on("ping", pong);
  ws.once("message", (bytes) => {
    limit.cancel();
    if (stage.dials.deaf) return;
    ws.off("ping", pong);
    const token = tokenOf(bytes as Buffer);
    if (token === undefined || !session.tokens.has(token)) {
      ws.close(policyViolation, "Invalid token");
      return;
    }
    session.connect(ws, socket);
  });
}

/** Only the token is needed: older clients and others' leave the rest out. */
function tokenOf(bytes: Buffer): string | undefined {
  try {
    const message = JSON.parse(bytes.toString("utf8")) as { TokenValue?: unknown } | null;
    return typeof message?.TokenValue === "string" ? message.TokenValue : undefined;
  } catch {
    return undefined;
  }
}
