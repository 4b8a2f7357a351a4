import { ssmError } from "../errors.js";
import type { DataKeyProvider } from "../handshake/data-keys.js";
import { type AwsOptions, awsRequest } from "./request.js";

export interface KmsDataKeysOptions extends AwsOptions {
  /** Binds the agent's challenge into the key: for agents that demand it. Older agents do not know it. Default false. */
  readonly acknowledgesChallenge?: boolean;
}

/** Data keys made by AWS KMS. */
export function kmsDataKeys(options: KmsDataKeysOptions): DataKeyProvider {
  return {
    acknowledgesChallenge: options.acknowledgesChallenge ?? false,
    async generateDataKey({ keyId, numberOfBytes, encryptionContext, signal }) {
      const body = { KeyId: keyId, NumberOfBytes: numberOfBytes, EncryptionContext: encryptionContext };
      const read = await awsRequest(options, { service: "kms", target: "TrentService.GenerateDataKey", body, signal });
      const { Plaintext: plaintext, CiphertextBlob: ciphertextBlob } = read;
      if (typeof plaintext !== "string" || typeof ciphertextBlob !== "string")
        throw ssmError({ code: "RESPONSE_MALFORMED", message: "The data key's answer lacks a field." });
      return { plaintext: Buffer.from(plaintext, "base64"), ciphertextBlob: Buffer.from(ciphertextBlob, "base64") };
    },
  };
}
