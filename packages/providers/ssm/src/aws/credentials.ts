import { ssmError } from "../errors.js";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** The keys, or a function that fetches them: asked for each request, so keys that expire can be renewed meanwhile. */
export type AwsCredentialSource = AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>);

export async function resolveCredentials(source: AwsCredentialSource): Promise<AwsCredentials> {
  return typeof source === "function" ? source() : source;
}

/** From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. Throws `CREDENTIAL_MISSING` when one is not set. */
export function environmentCredentials(environment: Readonly<Record<string, string | undefined>>): AwsCredentials {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = environment["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey)
    throw ssmError({
      code: "CREDENTIAL_MISSING",
      message: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set.",
    });
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
