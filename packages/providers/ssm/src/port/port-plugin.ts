import type { Duplex } from "node:stream";
import type { SessionChannel } from "../channel/session-channel.js";
import type { Clock } from "../clock.js";
import { encodeFlag, payloadType, sessionFlag } from "../codec/payload-type.js";
import { agentAbilities } from "../handshake/versions.js";
import type { SessionPlugin } from "../sessions/plugin.js";
import { BasicLine } from "./basic.js";
import { type ForwardOptions, listenFor, type PortForward } from "./forward.js";
import { MultiplexedLine } from "./multiplexed.js";
import type { PortLine, PortMode } from "./port-line.js";
import { StdioLine } from "./stdio.js";

export interface PortFace {
  readonly mode: PortMode;
  /** One connection to the remote port, in memory. Throws `COMMAND_REFUSED` when there cannot be another one. */
  connect(): Duplex;
  /** A listener whose connections lead there. */
  forward(options?: ForwardOptions): Promise<PortForward>;
}

// The flag can be lost with the connection: whoever ends a session does not wait for it for long.
const terminateDeadlineMs = 2000;

/** Connections to a port at or behind the agent. */
export const portPlugin: SessionPlugin<PortFace> = {
  sessionTypes: ["Port"],
  start(channel, { clock }) {
    const mode = portMode(channel);
    const line = lineFor(mode, channel, clock);
    channel.attach(line);
    const connect = (): Duplex => line.connect();
    return {
      face: {
        mode,
        connect,
        forward: (options = {}) => listenFor(connect, { ...listenWhere(channel.properties), ...options }),
      },
      ...(agentAbilities(channel.agentVersion).takesTerminateFlag && { terminate: () => terminate(channel, clock) }),
    };
  },
};

/** Which way the agent will carry the connections; both sides find it in the same way. */
function portMode({ properties, agentVersion }: Pick<SessionChannel, "properties" | "agentVersion">): PortMode {
  if (properties["type"] !== "LocalPortForwarding") return "stdio";
  return agentAbilities(agentVersion).isMultiplexed ? "multiplexed" : "basic";
}

function lineFor(mode: PortMode, channel: SessionChannel, clock: Clock): PortLine {
  if (mode === "stdio") return new StdioLine({ channel, clock });
  if (mode === "basic") return new BasicLine({ channel, clock });
  return new MultiplexedLine({ channel, clock }, !agentAbilities(channel.agentVersion).needsNoKeepAlive);
}

function listenWhere(properties: Readonly<Record<string, string>>): ForwardOptions {
  const path = properties["localUnixSocket"] ?? "";
  if (properties["localConnectionType"] === "unix" && path !== "") return { path };
  const port = Number(properties["localPortNumber"] ?? "");
  return Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {};
}

function terminate(channel: SessionChannel, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const deadline = clock.setTimer(clock.now() + terminateDeadlineMs, resolve);
    const done = (): void => {
      deadline.cancel();
      resolve();
    };
    channel.write(payloadType.flag, [encodeFlag(sessionFlag.terminateSession)], {
      onAcknowledged: done,
      onTaken: (error) => error && done(),
    });
  });
}
