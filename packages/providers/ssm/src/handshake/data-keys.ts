export interface DataKeyRequest {
  /** The key that the agent asks for: an id, an ARN or an alias. */
  readonly keyId: string;
  /** Always 64. */
  readonly numberOfBytes: number;
  /** The agent decrypts with the same context. */
  readonly encryptionContext: Readonly<Record<string, string>>;
  /** Aborted when the agent would not wait any longer. */
  readonly signal: AbortSignal;
}

export interface DataKey {
  readonly plaintext: Uint8Array;
  readonly ciphertextBlob: Uint8Array;
}

/** Makes data keys for encrypted sessions. `@colloquy/ssm/aws` has the one that asks AWS KMS. */
export interface DataKeyProvider {
  generateDataKey(request: DataKeyRequest): Promise<DataKey>;
  /**
   * Binds the agent's challenge into the key and says so, which some agents demand. Older agents do not know it.
   * Default false.
   */
  readonly acknowledgesChallenge?: boolean;
}
