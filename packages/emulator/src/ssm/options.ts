import type { EncryptionContext } from "./api/kms.js";
import type { SsmDials } from "./dials.js";

export interface SsmEmulatorOptions {
  /** A named scenario: a bundle of dials. Default "calm". */
  scenario?: string;
  /** Dials that win over every scenario. */
  dials?: Partial<SsmDials>;
  /** What a shell session runs. Default `["/bin/sh"]`. It runs as the user who started the emulator. */
  shell?: readonly string[];
  /** The key pair that signs requests, for the dial `signatures: "verified"`. Made up by default. */
  credentials?: SsmCredentials;
  /** Default "eu-west-1". */
  region?: string;
  /**
   * Opens a data key that came from elsewhere than the emulator's fake key service, such as a stub of the client's.
   * Undefined to refuse it.
   */
  openDataKey?: (
    sealed: Uint8Array,
    context: EncryptionContext,
  ) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
}

export interface SsmCredentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What a session is started with. */
export interface SsmStartInput {
  /** Default "i-0c0110c0110c0110c". */
  target?: string;
  /** Default "SSM-SessionManagerRunShell". */
  document?: string;
  /** Parameters of the document; the API's lists of one may be plain values here. */
  parameters?: Readonly<Record<string, string | readonly string[]>>;
}

/** What StartSession answers, in the API's words. */
export interface SsmStartAnswer {
  SessionId: string;
  StreamUrl: string;
  TokenValue: string;
}
