/** What the payload of a stream frame is. */
export const payloadType = {
  none: 0,
  output: 1,
  error: 2,
  size: 3,
  parameter: 4,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  challengeRequest: 8,
  challengeResponse: 9,
  flag: 10,
  stderr: 11,
  exitCode: 12,
} as const;

/** The number that a frame of type 10 carries, as four bytes, big-endian. */
export const flag = { disconnectToPort: 1, terminateSession: 2, connectToPortError: 3 } as const;
