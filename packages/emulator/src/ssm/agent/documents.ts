import { agentGate, clientGate, isClientAtLeast, isLaterVersion } from "../codec/version-gate.js";
import { bulkPlugin, echoPlugin } from "./bulk.js";
import { commandPlugin } from "./command.js";
import { muxPortPlugin } from "./mux-port.js";
import type { Plugin, PluginHost } from "./plugin.js";
import { shellPlugin } from "./shell.js";
import { singlePortPlugin } from "./single-port.js";
import { loopbackTarget } from "./target.js";

export type SessionType = "Standard_Stream" | "InteractiveCommands" | "NonInteractiveCommands" | "Port";

/** What a document makes of a session. */
export interface Assignment {
  sessionType: SessionType;
  /** What the client is told about it; null for all but ports. */
  properties: Record<string, string> | null;
  plugin(host: PluginHost): Plugin;
}

/** Parameters of a document by name; the API sends each as a list. */
export type Parameters = Readonly<Record<string, readonly string[]>>;

/** A document that cannot be started, with the API's word for it. */
export class DocumentProblem extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

type Make = (parameters: Parameters, shell: readonly string[]) => Assignment;

const first = (parameters: Parameters, name: string, fallback = ""): string => parameters[name]?.[0] ?? fallback;

function needed(parameters: Parameters, name: string): string {
  const value = first(parameters, name);
  if (value === "") throw new DocumentProblem("InvalidParameters", `Parameter "${name}" is missing.`);
  return value;
}

const count = (parameters: Parameters, name: string, fallback: string): number => {
  const text = first(parameters, name, fallback);
  if (!/^\d{1,15}$/.test(text)) throw new DocumentProblem("InvalidParameters", `Parameter "${name}" is no number.`);
  return Number(text);
};

const shell: Make = (_parameters, command) => ({
  sessionType: "Standard_Stream",
  properties: null,
  plugin: (host) => shellPlugin(host, command),
});

const interactive: Make = (parameters) => {
  const command = needed(parameters, "command");
  return {
    sessionType: "InteractiveCommands",
    properties: null,
    plugin: (host) => shellPlugin(host, ["/bin/sh", "-c", command]),
  };
};

const prefixPattern = /^[0-9a-zA-Z\r\n_:-]{0,30}$/;

const nonInteractive: Make = (parameters) => {
  const command = needed(parameters, "command");
  const stdoutPrefix = first(parameters, "stdOutSeparatorPrefix");
  const stderrPrefix = first(parameters, "stdErrSeparatorPrefix");
  if (!prefixPattern.test(stdoutPrefix) || !prefixPattern.test(stderrPrefix)) {
    throw new DocumentProblem("InvalidParameters", "A separator prefix has characters that it may not have.");
  }
  const separatesOutput = first(parameters, "separateOutputStream") === "true";
  const prefixes = separatesOutput ? { stdoutPrefix, stderrPrefix } : { stdoutPrefix: "", stderrPrefix: "" };
  return {
    sessionType: "NonInteractiveCommands",
    properties: null,
    plugin: (host) => commandPlugin(host, { command, separatesOutput, ...prefixes }),
  };
};

const localPortForwarding = "LocalPortForwarding";

const port =
  (type: string, fallbackPort?: string): Make =>
  (parameters) => {
    const portNumber =
      fallbackPort === undefined ? needed(parameters, "portNumber") : first(parameters, "portNumber", fallbackPort);
    const given = ["localPortNumber", "localConnectionType", "localUnixSocket", "host"]
      .map((name) => [name, first(parameters, name)] as const)
      .filter(([, value]) => value !== "");
    const properties = { portNumber, ...(type === "" ? {} : { type }), ...Object.fromEntries(given) };
    const target = loopbackTarget(first(parameters, "host"), portNumber);
    const plugin = (host: PluginHost): Plugin => {
      const isMultiplexed =
        type === localPortForwarding &&
        isLaterVersion(host.stage.dials.agentVersion, agentGate.mux) &&
        isClientAtLeast(host.clientVersion, clientGate.mux);
      return isMultiplexed ? muxPortPlugin(host, target) : singlePortPlugin(host, target, type === localPortForwarding);
    };
    return { sessionType: "Port", properties, plugin };
  };

const echo: Make = () => ({ sessionType: "Standard_Stream", properties: null, plugin: echoPlugin });

const bulk: Make = (parameters) => {
  const byteCount = count(parameters, "bytes", "0");
  const seed = count(parameters, "seed", "1");
  const closes = first(parameters, "end", "stay") === "close";
  return {
    sessionType: "Standard_Stream",
    properties: null,
    plugin: (host) => bulkPlugin(host, { byteCount, seed, closes }),
  };
};

/** The documents that StartSession knows: the provider's own, and two of the emulator's for exact tests. */
export const ssmDocuments: Readonly<Record<string, Make>> = {
  "SSM-SessionManagerRunShell": shell,
  "AWS-StartInteractiveCommand": interactive,
  "AWS-StartNonInteractiveCommand": nonInteractive,
  "AWS-StartPortForwardingSession": port(localPortForwarding),
  "AWS-StartPortForwardingSessionToRemoteHost": port(localPortForwarding),
  "AWS-StartSSHSession": port("", "22"),
  "Colloquy-Echo": echo,
  "Colloquy-Bulk": bulk,
};

export function assign(document: string, parameters: Parameters, shellCommand: readonly string[]): Assignment {
  const make = Object.hasOwn(ssmDocuments, document) ? ssmDocuments[document] : undefined;
  if (make === undefined)
    throw new DocumentProblem("InvalidDocument", `Document with name ${document} does not exist.`);
  return make(parameters, shellCommand);
}
