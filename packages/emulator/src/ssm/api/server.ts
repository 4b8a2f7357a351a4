import type { IncomingMessage, ServerResponse } from "node:http";
import { parseJson, readBody } from "../../body.js";
import type { SsmGateway } from "../gateway.js";
import { isFromElsewhere } from "../loopback.js";
import { ssmOperations } from "./operations.js";
import { SsmRefusal } from "./refusal.js";
import { isSigned, signatureProblem } from "./signature.js";

const bodyLimitBytes = 1024 * 1024;
const contentType = "application/x-amz-json-1.1";

/** True for what the services' clients send, at whatever path: they are told apart by a header. */
export const isSsmRequest = ({ method, headers }: IncomingMessage): boolean =>
  method === "POST" && /^(?:AmazonSSM|TrentService)\./.test(String(headers["x-amz-target"] ?? ""));

/** Serves the JSON operations of the two services. */
export function createSsmServer(
  gateway: SsmGateway,
): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const operation = String(incoming.headers["x-amz-target"]);
    const bytes = await readBody(incoming, bodyLimitBytes);
    const body = bytes === undefined ? undefined : parseJson(bytes);
    const view = { operation, isSigned: isSigned(incoming), atMs: gateway.stage.clock.now() };
    const sessionId = sessionOf(body);
    const told = { ...view, ...(sessionId === undefined ? {} : { sessionId }) };
    const requestId = gateway.stage.random.uuid();
    const send = (status: number, answer: unknown): void => {
      outgoing.writeHead(status, { "Content-Type": contentType, "x-amzn-RequestId": requestId });
      outgoing.end(JSON.stringify(answer));
    };
    try {
      if (isFromElsewhere(incoming)) throw new SsmRefusal("AccessDeniedException", "Loopback only.", 403);
      admit(gateway, incoming, bytes ?? Buffer.alloc(0));
      const run = Object.hasOwn(ssmOperations, operation) ? ssmOperations[operation] : undefined;
      if (run === undefined) throw new SsmRefusal("UnknownOperationException", `No operation ${operation}.`);
      const answer = run(gateway, body ?? {});
      gateway.requests.push({ ...told, status: 200 });
      send(200, answer);
    } catch (error) {
      if (!(error instanceof SsmRefusal)) throw error;
      gateway.requests.push({ ...told, status: error.status, error: error.type });
      send(error.status, { __type: error.type, message: error.message });
    }
  };
}

/** Web pages cannot send this content type without being asked first, and nobody answers that. */
function admit(gateway: SsmGateway, incoming: IncomingMessage, body: Buffer): void {
  if (!incoming.headers["content-type"]?.startsWith("application/x-amz-json")) {
    throw new SsmRefusal("SerializationException", `Send Content-Type: ${contentType}.`);
  }
  const { signatures } = gateway.stage.dials;
  if (signatures === "ignored") return;
  if (!isSigned(incoming)) {
    throw new SsmRefusal("MissingAuthenticationTokenException", "The request is not signed.", 400);
  }
  if (signatures === "required") return;
  const { credentials, region } = gateway;
  const problem = signatureProblem(incoming, body, { ...credentials, region });
  if (problem !== undefined) throw new SsmRefusal("InvalidSignatureException", `The signature is wrong: ${problem}.`);
}

function sessionOf(body: unknown): string | undefined {
  const id = (body as { SessionId?: unknown } | null | undefined)?.SessionId;
  return typeof id === "string" ? id : undefined;
}
