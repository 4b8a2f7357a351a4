/** A stream that may be a terminal. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Where a command reads and writes. The process's own, or a test's. */
export interface Io {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly stdin: AsyncIterable<unknown> & { readonly isTTY?: boolean | undefined };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts this very program again: the executable and the arguments before the command. */
  readonly self: readonly string[];
}

export const processIo: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  environment: process.env,
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
};
