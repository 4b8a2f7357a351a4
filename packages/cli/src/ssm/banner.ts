import { isColloquyError } from "@colloquy/core/contract";
import { type ConnectionTrouble, openDataChannel, type Session, type SessionEnd } from "@colloquy/ssm";
import { inWords } from "../durations.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../output/io.js";
import type { SessionSource } from "./session-source.js";

export interface BannerFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** What is said beside the session: on stderr only, since stdout belongs to the machine. */
export class Banner {
  readonly #io: Io;
  readonly #flags: BannerFlags;
  /** A terminal in raw mode needs the carriage return too. */
  isRaw = false;

  constructor(io: Io, flags: BannerFlags) {
    this.#io = io;
    this.#flags = flags;
  }

  say(text: string): void {
    if (!this.#flags.quiet) this.#write(text);
  }

  detail(text: string): void {
    if (this.#flags.verbose) this.#write(text);
  }

  readonly onTrouble = (trouble: ConnectionTrouble): void => {
    const text = `${whyOf(trouble)}; ${nextOf(trouble)}`;
    // Nobody but the user can help here, so it is told in any case.
    if (isColloquyError(trouble.error) && trouble.error.category === "credentials") this.say(text);
    else this.detail(text);
  };

  #write(text: string): void {
    for (const line of text.split("\n")) this.#io.stderr.write(`${line}${this.isRaw ? "\r\n" : "\n"}`);
  }
}

const reasons: Readonly<Record<ConnectionTrouble["kind"], string>> = {
  closed: "The connection is lost",
  silent: "The connection is lost: nothing answers any more",
  token: "There is no new token",
  not_opened: "No connection",
};

function whyOf({ kind, code, error }: ConnectionTrouble): string {
  // Without a closing word the code says nothing.
  const closing = code === undefined || code === 1_006 ? "" : ` (closed with ${code})`;
  return `${reasons[kind]}${closing}${error instanceof Error ? `: ${error.message.replace(/\.$/, "")}` : ""}`;
}

const nextOf = ({ attempt, retryInMs }: ConnectionTrouble): string => `attempt ${attempt} in ${inWords(retryInMs)}.`;

// A person waits at the other end of it.
const closeDeadlineMs = 2_000;

/** Opens the session, and tells of its connections with `--verbose`. */
export async function openWithBanner(source: SessionSource, banner: Banner, signal: AbortSignal): Promise<Session> {
  let connections = 0;
  const session = await openDataChannel({
    ...source,
    signal,
    timings: { closeDeadlineMs },
    onTrouble: banner.onTrouble,
    onStatus: (status) => {
      if (status === "connected" && connections++ > 0) banner.detail("The connection is back.");
    },
  });
  banner.say(`Session ${session.id} is open.`);
  if (session.customerMessage !== "") banner.say(session.customerMessage);
  return session;
}

/** What the end of a session means for whoever started the command. Throws when it failed. */
export function tellEnd(
  { reason, text, error }: SessionEnd,
  banner: Banner,
): typeof exitCodes.done | typeof exitCodes.failed {
  if (error) throw error;
  if (text !== "") banner.say(text);
  return reason === "gone" ? exitCodes.failed : exitCodes.done;
}
