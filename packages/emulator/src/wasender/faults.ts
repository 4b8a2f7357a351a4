import type { Account } from "./account.js";
import { type Answer, answer } from "./answer.js";
import type { Fault } from "./dials.js";
import { failureAnswer } from "./failures.js";

/** What is done to the connection instead of, or before, an answer. */
export type Delivery =
  | { kind: "answer"; status: number; headers: Record<string, string>; body: string | undefined }
  | { kind: "hang" }
  | { kind: "drop" };

/** The fault that this request meets: the first planned one that matches, else one drawn by the rates. */
export function drawFault(account: Account, method: string, path: string): Fault | undefined {
  const { dials } = account.weather;
  const planned = dials.failNext.find(
    ({ match }) => (match.method ?? method).toUpperCase() === method && path.includes(match.path ?? ""),
  );
  if (planned !== undefined) {
    planned.times = (planned.times ?? 1) - 1;
    if (planned.times <= 0) dials.failNext.splice(dials.failNext.indexOf(planned), 1);
    return planned.fault;
  }
  const rates: [number, Fault][] = [
    [dials.droppedRate, { kind: "drop_before" }],
    [dials.lostAnswerRate, { kind: "drop_after" }],
    [dials.error503Rate, { kind: "status", status: 503 }],
    [dials.html502Rate, { kind: "html502" }],
    [dials.garbledJsonRate, { kind: "garbled_json" }],
  ];
  return rates.find(([rate]) => rate > 0 && account.random.next() < rate)?.[1];
}

/** Whether the request takes effect in spite of the fault. */
export function takesEffect(fault: Fault | undefined): boolean {
  if (fault === undefined) return true;
  if ("processed" in fault) return fault.processed ?? false;
  return !["status", "html502", "redirect", "hang", "drop_before"].includes(fault.kind);
}

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
