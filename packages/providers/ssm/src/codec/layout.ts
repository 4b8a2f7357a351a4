/** Where each field of a ClientMessage begins, in bytes. All integers are big-endian. */
export const at = {
  headerLength: 0,
  messageType: 4,
  schemaVersion: 36,
  createdDate: 40,
  sequenceNumber: 48,
  flags: 56,
  messageId: 64,
  digest: 80,
  payloadType: 112,
  payloadLength: 116,
  payload: 120,
} as const;

/** HeaderLength counts everything before PayloadLength. */
export const fullHeaderBytes = 116;
/** What the service itself sends: there is no PayloadType field. */
export const shortHeaderBytes = 112;
export const messageTypeBytes = 32;

export const twoPow32: number = 2 ** 32;

export const flagBits = { none: 0, syn: 1, fin: 2, synFin: 3 } as const;
