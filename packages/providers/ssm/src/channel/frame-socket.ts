/** What a socket tells its owner. None is called from inside `dial`; `onClose` may be called from inside `terminate`. */
export interface FrameSocketEvents {
  onOpen(): void;
  /** One whole message, binary or text. */
  onFrame(bytes: Buffer): void;
  onPong(): void;
  /** `bufferedBytes` has fallen to nothing. */
  onDrain(): void;
  /** Once, whatever the cause; nothing follows. */
  onClose(closure: FrameSocketClosure): void;
}

export interface FrameSocketClosure {
  /** The WebSocket close code, when there was one. */
  readonly code?: number;
  /** The HTTP status, when the upgrade was refused. */
  readonly status?: number;
  /** Why it could not be opened, or broke. Holds no token. */
  readonly error?: Error;
}

/** A duplex of frames. The WebSocket is one; tests bring their own. */
export interface FrameSocket {
  /** The buffer is the caller's again when this returns: what cannot be written at once is copied. */
  send(frame: Buffer | string): void;
  ping(): void;
  /** Says goodbye and closes once everything was written. */
  close(): void;
  /** Breaks it off at once. `onClose` still follows. */
  terminate(): void;
  /** Written here but not yet taken by the system. */
  readonly bufferedBytes: number;
}

export type DialFrameSocket = (url: string, events: FrameSocketEvents) => FrameSocket;
