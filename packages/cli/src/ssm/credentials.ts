import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ColloquyError } from "@colloquy/core/contract";
import { type AwsCredentials, environmentCredentials } from "@colloquy/ssm/aws";

type Environment = Readonly<Record<string, string | undefined>>;

// Before they are over, and with time for the request that they sign.
const renewBeforeMs = 60_000;
const askDeadlineMs = 30_000;

/**
 * From the variables, or from the AWS CLI, which knows profiles, single sign-on and roles. Asked again when they are about to
 * expire: a session may be resumed hours later.
 */
export function credentialSource(environment: Environment, profile: string | undefined): () => Promise<AwsCredentials> {
  let known: { readonly credentials: AwsCredentials; readonly untilMs: number } | undefined;
  return async () => {
    if (profile === undefined && environment["AWS_ACCESS_KEY_ID"]) return environmentCredentials(environment);
    if (!known || Date.now() > known.untilMs - renewBeforeMs) known = await exported(environment, profile);
    return known.credentials;
  };
}

/** Whether asking is worth while: without any sign of credentials, nothing can be signed. */
export function mayHaveCredentials(environment: Environment, profile: string | undefined): boolean {
  return profile !== undefined || Boolean(environment["AWS_ACCESS_KEY_ID"]);
}

async function exported(
  environment: Environment,
  profile: string | undefined,
): Promise<{ readonly credentials: AwsCredentials; readonly untilMs: number }> {
  const args = ["configure", "export-credentials", "--format", "process"];
  try {
    const { stdout } = await promisify(execFile)(
      "aws",
      profile === undefined ? args : [...args, "--profile", profile],
      {
        env: { ...environment },
        timeout: askDeadlineMs,
      },
    );
    const read = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: token, Expiration: until } = read;
    if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string")
      throw new Error("No keys in the answer.");
    const credentials = { accessKeyId, secretAccessKey, ...(typeof token === "string" && { sessionToken: token }) };
    const untilMs = typeof until === "string" ? Date.parse(until) : Number.NaN;
    return { credentials, untilMs: Number.isNaN(untilMs) ? Number.POSITIVE_INFINITY : untilMs };
  } catch {
    // What it printed may hold keys, so the cause is left out.
    throw new ColloquyError({
      code: "CREDENTIAL_MISSING",
      message: `There are no AWS credentials${profile === undefined ? "" : ` for the profile "${profile}"`}.`,
      userAction: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --profile, with the AWS CLI on the PATH.",
    });
  }
}
