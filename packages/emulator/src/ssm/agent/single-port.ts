import type { Socket } from "node:net";
import { flag, payloadType } from "../codec/payload-type.js";
import type { Plugin, PluginHost } from "./plugin.js";
import { dial, type Target } from "./target.js";

/** What a client is told when its port cannot be reached. */
const portProblem = "Connection to destination port failed, check SSM Agent logs.";

/**
 * One connection at a time, its bytes as they are. With `redials` (ports), the end of either side's connection is not
 * the session's: new data opens the next one. Without (SSH), the session ends with the target's connection.
 */
export function singlePortPlugin(host: PluginHost, target: Target | undefined, redials: boolean): Plugin {
  let socket: Socket | undefined;
  let isStopped = false;

  const open = (): Socket | undefined => {
    const opened = dial(target, {
      output: (bytes) => {
        if (opened === socket && !host.write(payloadType.output, bytes)) opened?.pause();
      },
      drained: () => host.resumeInput(),
      ended(wasConnected) {
        if (isStopped || opened !== socket) return;
        close();
        if (wasConnected && redials) return;
        if (!wasConnected) host.write(payloadType.flag, flagBytes(flag.connectToPortError));
        host.end(wasConnected ? "" : portProblem);
      },
    });
    socket = opened;
    return opened;
  };
  const close = (): void => {
    const closing = socket;
    socket = undefined;
    host.resumeInput();
    // What was written is still delivered; what the target answers to it is not.
    closing?.resume();
    closing?.end(() => closing.destroy());
  };
  return {
    start: () => void open(),
    input(type, bytes) {
      if (type === payloadType.flag && bytes.length === 4) {
        const number = bytes.readUInt32BE();
        if (number === flag.disconnectToPort) close();
        if (number === flag.terminateSession) host.end();
        return true;
      }
      if (type !== payloadType.output || isStopped || bytes.length === 0) return true;
      const to = socket ?? open();
      if (to !== undefined && !to.write(bytes)) host.pauseInput();
      return true;
    },
    roomAgain: () => void socket?.resume(),
    stop() {
      isStopped = true;
      const closing = socket;
      socket = undefined;
      closing?.destroy();
    },
  };
}

export function flagBytes(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}
