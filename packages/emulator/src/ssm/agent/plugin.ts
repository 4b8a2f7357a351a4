import type { Stage } from "../stage.js";

/** What runs behind a session on the agent: a shell, a command, a port. */
export interface Plugin {
  start(): void;
  /** False when it cannot be taken now; then it is offered again. */
  input(type: number, bytes: Buffer): boolean;
  /** `write` said false, and now there is room again. */
  roomAgain(): void;
  /** SHA-256 in hexadecimal of the output so far, when the plugin can tell it cheaper than by hashing it on its way. */
  outputDigest?(): string;
  /** Ends every process and socket at once. */
  stop(): void;
}

/** What a plugin sees of its session. */
export interface PluginHost {
  readonly stage: Stage;
  /** Takes bytes of any length but none of zero. False when the plugin should wait for `roomAgain`. */
  write(type: number, bytes: Uint8Array): boolean;
  /** The plugin is done: the channel is closed when everything has been acknowledged. `output` says why, if need be. */
  end(output?: string): void;
  /** The plugin is fed too fast. */
  pauseInput(): void;
  resumeInput(): void;
  /** What the client said it is; empty without a handshake. */
  readonly clientVersion: string;
}
