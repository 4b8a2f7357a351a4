import { z } from "zod";
import { DocumentProblem } from "../agent/documents.js";
import type { SsmGateway } from "../gateway.js";
import type { SsmSession } from "../session.js";
import { SsmRefusal } from "./refusal.js";

const startBody = z.looseObject({
  Target: z.string().min(1).max(400),
  DocumentName: z.string().optional(),
  Parameters: z.record(z.string(), z.array(z.string())).optional(),
});
const sessionBody = z.looseObject({ SessionId: z.string().min(1) });
const contextShape = z.record(z.string(), z.string()).default({});
const generateBody = z.looseObject({
  KeyId: z.string().min(1),
  NumberOfBytes: z.number().int().min(1).max(1_024).optional(),
  KeySpec: z.enum(["AES_128", "AES_256"]).optional(),
  EncryptionContext: contextShape,
});
const decryptBody = z.looseObject({ CiphertextBlob: z.string().min(1), EncryptionContext: contextShape });

type Operation = (gateway: SsmGateway, body: unknown) => unknown;

/** Every operation by its X-Amz-Target. */
export const ssmOperations: Readonly<Record<string, Operation>> = {
  "AmazonSSM.StartSession": startSession,
  "AmazonSSM.ResumeSession": resumeSession,
  "AmazonSSM.TerminateSession": terminateSession,
  "TrentService.GenerateDataKey": generateDataKey,
  "TrentService.Decrypt": decrypt,
};

function startSession(gateway: SsmGateway, body: unknown): unknown {
  const { Target: target, DocumentName: document, Parameters: parameters } = parse(startBody, body);
  if (!gateway.stage.dials.targetConnected) throw new SsmRefusal("TargetNotConnected", `${target} is not connected.`);
  try {
    return gateway.start({
      target,
      ...(document === undefined ? {} : { document }),
      ...(parameters === undefined ? {} : { parameters }),
    });
  } catch (error) {
    if (error instanceof DocumentProblem) throw new SsmRefusal(error.type, error.message);
    throw error;
  }
}

function resumeSession(gateway: SsmGateway, body: unknown): unknown {
  const session = named(gateway, body);
  const { resumeAnswer } = gateway.stage.dials;
  if (resumeAnswer === "unavailable") throw new SsmRefusal("ServiceUnavailableException", "Try again later.", 503);
  if (resumeAnswer === "denied") throw new SsmRefusal("ExpiredTokenException", "The security token is expired.");
  const StreamUrl = gateway.streamUrl(session.id);
  if (resumeAnswer === "no_token" || session.state === "terminated") return { SessionId: session.id, StreamUrl };
  const TokenValue = resumeAnswer === "revoked_token" ? gateway.stage.random.base64(48) : gateway.grant(session);
  return { SessionId: session.id, StreamUrl, TokenValue };
}

function terminateSession(gateway: SsmGateway, body: unknown): unknown {
  const session = named(gateway, body);
  session.terminate();
  return { SessionId: session.id };
}

function generateDataKey({ kms, stage }: SsmGateway, body: unknown): unknown {
  const request = parse(generateBody, body);
  if (stage.dials.kmsRefuses) {
    throw new SsmRefusal("AccessDeniedException", "The caller may not make data keys with this key.");
  }
  const byteCount = request.NumberOfBytes ?? (request.KeySpec === "AES_128" ? 16 : 32);
  const { plain, sealed } = kms.generate(request.KeyId, request.EncryptionContext, byteCount);
  return { KeyId: request.KeyId, Plaintext: plain.toString("base64"), CiphertextBlob: sealed.toString("base64") };
}

function decrypt({ kms }: SsmGateway, body: unknown): unknown {
  const { CiphertextBlob: blob, EncryptionContext: context } = parse(decryptBody, body);
  const opened = kms.open(Buffer.from(blob, "base64"), context);
  if (opened === undefined) throw new SsmRefusal("InvalidCiphertextException", "The ciphertext cannot be opened.");
  const { keyId, plain } = opened;
  return { KeyId: keyId, Plaintext: plain.toString("base64"), EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
}

function named(gateway: SsmGateway, body: unknown): SsmSession {
  const { SessionId: id } = parse(sessionBody, body);
  const session = gateway.sessions.get(id);
  if (session === undefined) throw new SsmRefusal("DoesNotExistException", `Session ${id} does not exist.`);
  return session;
}

function parse<Shape>(shape: z.ZodType<Shape>, body: unknown): Shape {
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw new SsmRefusal("ValidationException", z.prettifyError(parsed.error));
  return parsed.data;
}
