import type { Resume } from "../channel/resume.js";
import { ssmError } from "../errors.js";
import { type AwsOptions, awsRequest } from "./request.js";

export interface StartSessionInput {
  /** The machine's id. */
  readonly target: string;
  /** For example `AWS-StartPortForwardingSession`. Default: a plain shell. */
  readonly documentName?: string;
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  readonly reason?: string;
}

/** What `openDataChannel` needs of a new session. */
export interface StartedAtService {
  readonly sessionId: string;
  readonly streamUrl: string;
  readonly tokenValue: string;
  readonly target: string;
}

/** The three requests about sessions, signed. `resume` and `terminate` go into the options of `openDataChannel`. */
export interface SessionApi {
  startSession(input: StartSessionInput): Promise<StartedAtService>;
  readonly resume: Resume;
  terminate(sessionId: string): Promise<void>;
}

export function sessionApi(options: AwsOptions): SessionApi {
  return {
    async startSession({ target, documentName, parameters, reason }) {
      const body = { Target: target, DocumentName: documentName, Parameters: parameters, Reason: reason };
      const read = await awsRequest(options, { service: "ssm", target: "AmazonSSM.StartSession", body });
      const { SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue } = read;
      if (typeof sessionId !== "string" || typeof streamUrl !== "string" || typeof tokenValue !== "string")
        throw ssmError({ code: "RESPONSE_MALFORMED", message: "The new session's answer lacks a field." });
      return { sessionId, streamUrl, tokenValue, target };
    },
    async resume(sessionId, signal) {
      const body = { SessionId: sessionId };
      const read = await awsRequest(options, { service: "ssm", target: "AmazonSSM.ResumeSession", body, signal });
      const token = read["TokenValue"];
      return typeof token === "string" && token !== "" ? { token } : undefined;
    },
    async terminate(sessionId) {
      const body = { SessionId: sessionId };
      await awsRequest(options, { service: "ssm", target: "AmazonSSM.TerminateSession", body });
    },
  };
}
