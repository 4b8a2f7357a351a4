import type { OpenOptions } from "@colloquy/ssm";
import { kmsDataKeys, type SessionApi, sessionApi, signedUpgrade } from "@colloquy/ssm/aws";
import type { SessionFlags } from "../commands/ssm.js";
import type { Context } from "../context.js";
import { readInput } from "../read-input.js";
import { usageError } from "../usage-error.js";
import { credentialSource, mayHaveCredentials } from "./credentials.js";
import { readStartReply, type StartedSession } from "./start-reply.js";

/** The document that a command needs; `--document` and `--parameter` win over it. */
export interface WantedDocument {
  readonly name?: string;
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
}

/** What to open, with all that resuming and ending it takes. */
export type SessionSource = Pick<
  OpenOptions,
  "sessionId" | "streamUrl" | "tokenValue" | "resume" | "terminate" | "dataKeys" | "target" | "webSocket"
>;

export interface AwsPlace {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** Of SSM. */
  readonly endpoint: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Starts a session at the target, or takes the one that was given. */
export async function sessionSource(
  { io }: Context,
  flags: SessionFlags,
  wanted: WantedDocument = {},
): Promise<SessionSource> {
  const { environment } = io;
  const place: AwsPlace = {
    region: flags.region ?? regionOf(environment),
    profile: flags.profile ?? environment["AWS_PROFILE"],
    endpoint: flags.endpoint ?? environment["AWS_ENDPOINT_URL_SSM"] ?? environment["AWS_ENDPOINT_URL"],
  };
  if (flags.target !== undefined) {
    if (flags.session ?? flags.sessionId ?? flags.streamUrl)
      throw usageError("Both a target and a session were given.", "Leave one of them out.");
    const { api, ...more } = atAws(environment, needed(place));
    const started = await api.startSession({ target: flags.target, ...documentOf(flags, wanted) });
    return { ...more, ...started };
  }
  const started = await given(flags, environment, async (path) => readInput(path, io));
  return { ...takenOver(environment, place), ...started };
}

/**
 * For a session that was started elsewhere: without credentials it lasts as long as its connection. `hasStarter`: the AWS CLI
 * started it, so it can be asked for them.
 */
export function takenOver(
  environment: Environment,
  place: AwsPlace,
  target?: string,
  hasStarter = false,
): Omit<SessionSource, keyof StartedSession> {
  if (place.region === undefined || !(hasStarter || mayHaveCredentials(environment, place.profile)))
    return target === undefined ? {} : { target };
  const { api: _api, ...more } = atAws(environment, { ...place, region: place.region });
  return { ...more, ...(target !== undefined && { target }) };
}

function atAws(
  environment: Environment,
  { region, profile, endpoint }: AwsPlace & { readonly region: string },
): { readonly api: SessionApi } & Required<Pick<SessionSource, "resume" | "terminate" | "dataKeys" | "webSocket">> {
  const credentials = credentialSource(environment, profile);
  const api = sessionApi({ region, credentials, ...(endpoint !== undefined && { endpoint }) });
  const kmsEndpoint = environment["AWS_ENDPOINT_URL_KMS"] ?? environment["AWS_ENDPOINT_URL"];
  // The token is enough for the gateway; a signature is added where it costs nothing. The genuine plugin knows the same switch.
  const isUnsigned =
    environment["SSM_PLUGIN_SKIP_CLIENT_CONFIGURE"] === "true" ||
    profile !== undefined ||
    !environment["AWS_ACCESS_KEY_ID"];
  return {
    api,
    resume: api.resume,
    terminate: (sessionId) => api.terminate(sessionId),
    dataKeys: kmsDataKeys({ region, credentials, ...(kmsEndpoint !== undefined && { endpoint: kmsEndpoint }) }),
    webSocket: isUnsigned ? {} : { headers: signedUpgrade({ region, credentials }) },
  };
}

async function given(
  flags: SessionFlags,
  environment: Environment,
  read: (path: string) => Promise<string>,
): Promise<StartedSession> {
  if (flags.session !== undefined) return readStartReply(await read(flags.session), "The session's file");
  const whole = environment["COLLOQUY_SSM_SESSION"];
  const sessionId = flags.sessionId ?? environment["COLLOQUY_SSM_SESSION_ID"];
  const streamUrl = flags.streamUrl ?? environment["COLLOQUY_SSM_STREAM_URL"];
  const tokenValue = environment["COLLOQUY_SSM_TOKEN"];
  if (sessionId && streamUrl && tokenValue) return { sessionId, streamUrl, tokenValue };
  if (whole) return readStartReply(whole, "COLLOQUY_SSM_SESSION");
  if (sessionId ?? streamUrl)
    throw usageError(
      "A session needs its id, its address and its token.",
      "Give --session-id, --stream-url, and the token in COLLOQUY_SSM_TOKEN.",
    );
  throw usageError(
    "No session was named.",
    "Give --target, or a started session with --session or COLLOQUY_SSM_SESSION.",
  );
}

function documentOf(flags: SessionFlags, wanted: WantedDocument): { documentName?: string; parameters?: Parameters } {
  const documentName = flags.document ?? wanted.name;
  const parameters: Record<string, readonly string[]> = { ...(flags.document === undefined && wanted.parameters) };
  for (const text of flags.parameter ?? []) {
    const cut = text.indexOf("=");
    if (cut < 1) throw usageError(`--parameter is "${text}".`, "Write it like name=value.");
    parameters[text.slice(0, cut)] = [text.slice(cut + 1)];
  }
  return {
    ...(documentName !== undefined && { documentName }),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

type Parameters = Readonly<Record<string, readonly string[]>>;

const regionOf = (environment: Environment): string | undefined =>
  environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"];

function needed(place: AwsPlace): AwsPlace & { readonly region: string } {
  if (place.region === undefined) throw usageError("No region is known.", "Give --region, or set AWS_REGION.");
  return { ...place, region: place.region };
}
