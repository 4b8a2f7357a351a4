import { connect, type Socket } from "node:net";

/** Where a port session leads. Only this machine: the emulator is no way into anybody's network. */
export interface Target {
  host: string;
  port: number;
}

const loopbackName = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|\[::1\])$/;

/** The target, or undefined for one that is not on loopback or is no port. */
export function loopbackTarget(host: string, portNumber: string): Target | undefined {
  const port = Number(portNumber);
  if (!/^\d+$/.test(portNumber) || port < 1 || port > 65_535) return undefined;
  const name = host === "" ? "localhost" : host.toLowerCase();
  return loopbackName.test(name) ? { host: name.replaceAll(/[[\]]/g, ""), port } : undefined;
}

export interface TargetEvents {
  connected?: () => void;
  output: (bytes: Buffer) => void;
  drained: () => void;
  /** It ended, by itself or by an error. Told once. `wasConnected` is false when the dial failed. */
  ended: (wasConnected: boolean) => void;
}

/** Dials; without a target it fails as one that does not answer. Bytes written before the connection is there wait in the socket. */
export function dial(target: Target | undefined, events: TargetEvents): Socket | undefined {
  if (target === undefined) {
    queueMicrotask(() => events.ended(false));
    return undefined;
  }
  const socket = connect({ ...target, allowHalfOpen: true });
  let wasConnected = false;
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    events.ended(wasConnected);
  };
  socket.on("connect", () => {
    wasConnected = true;
    socket.setNoDelay(true);
    events.connected?.();
  });
  socket.on("data", (bytes: Buffer) => events.output(bytes));
  socket.on("drain", () => events.drained());
  socket.on("end", end);
  socket.on("error", end);
  socket.on("close", end);
  return socket;
}
