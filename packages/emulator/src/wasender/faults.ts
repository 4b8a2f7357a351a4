import type { Fault } from "../http/common-dials.js";
import { type Answer, answer } from "./answer.js";
import { failureAnswer } from "./failures.js";

/** What is done to the connection instead of, or before, an answer. */
export type Delivery =
  | { kind: "answer"; status: number; headers: Record<string, string>; body: string | undefined }
  | { kind: "hang" }
  | { kind: "drop" };

/** What leaves the server: the true answer, or what the fault makes of it. */
export function spoil(fault: Fault | undefined, truth: Answer): Delivery {
  const text = truth.body === undefined ? undefined : JSON.stringify(truth.body);
  const json = (body: string | undefined, status = truth.status, headers = truth.headers): Delivery => ({
    kind: "answer",
    status,
    headers: body === undefined ? headers : { ...headers, "Content-Type": "application/json" },
    body,
  });
  switch (fault?.kind) {
    case undefined:
    case "delay":
      return json(text);
    case "drop_before":
    case "drop_after":
      return { kind: "drop" };
    case "hang":
      return { kind: "hang" };
    case "status": {
      const { status, headers } = fault;
      const body =
        fault.body ?? (status === 503 ? failureAnswer("serviceUnavailable").body : { message: `HTTP ${status}` });
      const given = answer(status, body, headers);
      return json(JSON.stringify(given.body), given.status, given.headers);
    }
    case "redirect":
      return { kind: "answer", status: 302, headers: { Location: fault.location }, body: "" };
    case "html502":
      return { kind: "answer", status: 502, headers: { "Content-Type": "text/html" }, body: gatewayPage };
    case "null_body":
      return json("null");
    case "truncated_json":
      return json((text ?? "{}").slice(0, Math.max(1, Math.floor((text ?? "{}").length / 2))));
    case "garbled_json":
      return json(`<<${(text ?? "").replaceAll('"', "'")}`);
    case "huge_body":
      return json(JSON.stringify({ success: true, data: "x".repeat(fault.bytes) }));
  }
}

const gatewayPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
  "<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n";
