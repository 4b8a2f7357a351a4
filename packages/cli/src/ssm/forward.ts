import type { PortForward } from "@colloquy/ssm";
import type { ForwardFlags } from "../commands/ssm.js";
import type { Context, Report } from "../context.js";
import { usageError } from "../usage-error.js";
import { wholeNumber } from "../whole-number.js";
import { Banner, openWithBanner } from "./banner.js";
import { carryPort } from "./carry-port.js";
import { sessionSource, type WantedDocument } from "./session-source.js";

/** `colloquy ssm forward`. Runs until Ctrl-C; stopping it is not a failure. */
export async function forwardCommand(context: Context, flags: ForwardFlags): Promise<Report> {
  const { output } = context;
  const { localSocket, localHost, localPort } = flags;
  const listen = {
    ...(localSocket !== undefined && { path: localSocket }),
    ...(localHost !== undefined && { host: localHost }),
    ...(localPort !== undefined && { port: wholeNumber("local-port", localPort) }),
  };
  const source = await sessionSource(context, flags, wantedDocument(flags));
  const banner = new Banner(context.io, flags);
  const session = await openWithBanner(source, banner, context.signal);
  const { exitCode, connections } = await carryPort(context, session, banner, {
    listen,
    onListening(forward) {
      const where = { host: forward.host, port: forward.port, path: forward.path };
      output.line(`Listening at ${addressOf(forward)}`);
      output.event("ready", { sessionId: session.id, ...where });
      // Whoever starts it needs the address now, not at the end.
      if (output.mode === "json") output.json({ ok: true, sessionId: session.id, ...where });
    },
  });
  return { fields: { sessionId: session.id, connections }, exitCode, isPrinted: output.mode === "json" };
}

export function addressOf({ host, port, path }: Pick<PortForward, "host" | "port" | "path">): string {
  if (path !== undefined) return path;
  return host?.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function wantedDocument({ target, document, port, remoteHost }: ForwardFlags): WantedDocument {
  if (target === undefined || document !== undefined) {
    if (port ?? remoteHost)
      throw usageError("The port of this session is chosen already.", "Leave --port and --remote-host out.");
    return {};
  }
  if (port === undefined) throw usageError("No port was given.", "Give the machine's port with --port.");
  const portNumber = [String(wholeNumber("port", port))];
  return remoteHost === undefined
    ? { name: "AWS-StartPortForwardingSession", parameters: { portNumber } }
    : { name: "AWS-StartPortForwardingSessionToRemoteHost", parameters: { portNumber, host: [remoteHost] } };
}
