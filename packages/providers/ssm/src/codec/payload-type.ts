/** What a payload is. Numbers as on the wire. */
export const payloadType = {
  none: 0,
  /** Raw bytes, keystrokes and output alike. */
  output: 1,
  error: 2,
  /** JSON `{"cols":80,"rows":24}`. */
  size: 3,
  parameter: 4,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  challengeRequest: 8,
  challengeResponse: 9,
  /** Four bytes, see `sessionFlag`. */
  flag: 10,
  stderr: 11,
  /** ASCII `EXIT_CODE: <n>`. */
  exitCode: 12,
} as const;

export const sessionFlag = { disconnectToPort: 1, terminateSession: 2, connectToPortError: 3 } as const;

/** A flag as it travels: u32, big-endian. */
export function encodeFlag(flag: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(flag, 0);
  return bytes;
}

/** The flag, or 0 (which is none) for a payload that is not one. */
export function readFlag(payload: Buffer): number {
  return payload.length === 4 ? payload.readUInt32BE(0) : 0;
}

const exitCodeText = /^EXIT_CODE:\s*(-?\d{1,10})\s*$/;

/** The number in an exit code payload, or undefined when it is not readable. */
export function readExitCode(payload: Buffer): number | undefined {
  const digits = exitCodeText.exec(payload.toString("latin1", 0, 64))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
