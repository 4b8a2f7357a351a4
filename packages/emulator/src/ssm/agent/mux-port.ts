import type { Socket } from "node:net";
import type { EmulatorTimer } from "../../clock.js";
import { flag, payloadType } from "../codec/payload-type.js";
import { pushBytes, type SmuxFrame, smuxCommand, smuxFrame, smuxReader } from "../codec/smux.js";
import { agentGate, clientGate, isClientLater, isLaterVersion } from "../codec/version-gate.js";
import type { Plugin, PluginHost } from "./plugin.js";
import { flagBytes } from "./single-port.js";
import { dial, type Target } from "./target.js";

const keepAliveEveryMs = 10_000;
const silenceLimitMs = 30_000;

/** Many connections over one session: the agent is the server of the smux stream. */
export function muxPortPlugin(host: PluginHost, target: Target | undefined): Plugin {
  const reader = smuxReader();
  const streams = new Map<number, Socket>();
  const full = new Set<Socket>();
  let isStopped = false;
  let heardAtMs = host.stage.clock.now();
  let keepAlive: EmulatorTimer | undefined;

  const send = (command: number, streamId: number, bytes?: Uint8Array): boolean =>
    host.write(payloadType.output, smuxFrame(command, streamId, bytes));

  const open = (streamId: number): void => {
    const socket = dial(target, {
      output(bytes) {
        if (streams.get(streamId) !== socket) return;
        for (let from = 0; from < bytes.length; from += pushBytes) {
          const hasRoom = send(smuxCommand.push, streamId, bytes.subarray(from, from + pushBytes));
          if (!hasRoom) socket?.pause();
        }
      },
      drained: () => relieve(socket),
      ended(wasConnected) {
        if (isStopped || streams.get(streamId) !== socket) return;
        streams.delete(streamId);
        relieve(socket);
        if (!wasConnected) host.write(payloadType.flag, flagBytes(flag.connectToPortError));
        send(smuxCommand.fin, streamId);
        socket?.destroySoon();
      },
    });
    if (socket !== undefined) streams.set(streamId, socket);
  };
  const relieve = (socket: Socket | undefined): void => {
    if (socket !== undefined) full.delete(socket);
    if (full.size === 0) host.resumeInput();
  };
  /** FIN closes both ways: what was sent is delivered, what the target still answers is lost. */
  const finish = (streamId: number): void => {
    const socket = streams.get(streamId);
    streams.delete(streamId);
    relieve(socket);
    if (socket === undefined) return;
    socket.resume();
    socket.end(() => socket.destroySoon());
  };
  const handle = ({ command, streamId, bytes }: SmuxFrame): void => {
    if (command === smuxCommand.syn && !streams.has(streamId)) open(streamId);
    if (command === smuxCommand.fin) finish(streamId);
    const socket = command === smuxCommand.push ? streams.get(streamId) : undefined;
    if (socket === undefined || bytes.length === 0 || socket.write(bytes)) return;
    full.add(socket);
    host.pauseInput();
  };
  const watch = (): void => {
    keepAlive = host.stage.timers.after(keepAliveEveryMs, () => {
      if (host.stage.clock.now() - heardAtMs >= silenceLimitMs) return host.end();
      send(smuxCommand.nop, 0);
      watch();
    });
  };
  return {
    start() {
      heardAtMs = host.stage.clock.now();
      const isOff =
        isClientLater(host.clientVersion, clientGate.keepAliveOff) &&
        isLaterVersion(host.stage.dials.agentVersion, agentGate.keepAliveOff);
      if (!isOff) watch();
    },
    input(type, bytes) {
      if (type === payloadType.flag && bytes.length === 4 && bytes.readUInt32BE() === flag.terminateSession) host.end();
      if (type !== payloadType.output || isStopped) return true;
      heardAtMs = host.stage.clock.now();
      const frames = reader.read(bytes);
      if (frames === null) host.end("The multiplexed stream is broken.");
      else for (const frame of frames) handle(frame);
      return true;
    },
    roomAgain() {
      for (const socket of streams.values()) socket.resume();
    },
    stop() {
      isStopped = true;
      keepAlive?.cancel();
      for (const socket of streams.values()) socket.destroy();
      streams.clear();
    },
  };
}
