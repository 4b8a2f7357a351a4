import type { CredentialSource, Problem } from "@colloquy/core/contract";
import type { AwsCredentials } from "../aws/credentials.js";
import type { DialFrameSocket } from "../channel/frame-socket.js";
import { type ChannelLimits, type ChannelTimings, settle } from "../channel/options.js";
import type { Resume } from "../channel/resume.js";
import type { WebSocketOptions } from "../channel/web-socket.js";
import type { DataKeyProvider } from "../handshake/data-keys.js";
import type { SessionPluginRegistry } from "../sessions/registry.js";

export interface SsmOptions {
  /** For example `eu-central-1`. */
  readonly region: string;
  /**
   * The keys, or a function that fetches them: asked for each request, so keys that expire can be renewed meanwhile. Without
   * them sessions are made from a StartSession reply only, and end with their connection unless `resume` is given.
   */
  readonly credentials?: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>);
  /** Default: the service's public endpoint in the region. Must be https, except on this machine. */
  readonly endpoint?: string;
  /** Fetches a new token after a lost connection. Default: ResumeSession, signed with `credentials`. */
  readonly resume?: Resume;
  /** Makes the keys of encrypted sessions, for example `kmsDataKeys(…)` of `@colloquy/ssm/aws`. */
  readonly dataKeys?: DataKeyProvider;
  /** Default: shells, commands and ports. */
  readonly registry?: SessionPluginRegistry;
  /** Default 1.2.677.0. Agents decide by it what they offer. */
  readonly clientVersion?: string;
  readonly limits?: Partial<ChannelLimits>;
  /** As for `openDataChannel`, but a lost connection is tried again without end. */
  readonly timings?: Partial<ChannelTimings>;
  /** Proxy agent and headers of the WebSocket. */
  readonly webSocket?: WebSocketOptions;
  /** Default: a WebSocket. */
  readonly dial?: DialFrameSocket;
}

const onThisMachine = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function problemsOfOptions(options: SsmOptions): readonly Problem[] {
  const { region, credentials, endpoint } = options;
  const problems: Problem[] = [];
  if (!/^[a-z0-9-]+$/.test(region))
    problems.push({ field: "region", message: "must be a region, as in eu-central-1." });
  if (endpoint !== undefined && !isUsable(endpoint))
    problems.push({ field: "endpoint", message: "must be an https URL, or http on this machine." });
  if (typeof credentials === "object")
    for (const [name, value] of Object.entries(credentials))
      if (!isKeyText(value)) problems.push({ field: `credentials.${name}`, message: "must be a text without spaces." });
  try {
    settle({ sessionId: "", streamUrl: "", tokenValue: "", ...(options.limits && { limits: options.limits }) });
  } catch (error) {
    problems.push({ field: "limits", message: error instanceof Error ? error.message : "cannot work." });
  }
  return problems;
}

function isUsable(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === "https:" || (protocol === "http:" && onThisMachine.test(hostname));
}

const isKeyText = (value: unknown): boolean => typeof value === "string" && /^[\x21-\x39\x3b-\x7e]+$/.test(value);

export function baseUrlOf({ endpoint, region }: SsmOptions): string {
  return (endpoint ?? `https://ssm.${region}.amazonaws.com`).replace(/\/+$/, "");
}

/** Core carries one text per credential; AWS keys are two or three. A colon is in none of them. */
export function credentialSource({ credentials }: SsmOptions): CredentialSource | undefined {
  if (typeof credentials !== "function") return credentials && credentialText(credentials);
  return async () => credentialText(await credentials());
}

const credentialText = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials): string =>
  [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])].join(":");

export function readCredentialText(text: string): AwsCredentials {
  const [accessKeyId = "", secretAccessKey = "", sessionToken] = text.split(":");
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
