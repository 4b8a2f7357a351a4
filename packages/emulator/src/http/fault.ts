import type { Random } from "../random.js";
import type { CommonDials, Fault } from "./common-dials.js";
import type { Reply } from "./reply.js";

/** The fault that this request meets: the first planned one that matches, else one drawn by the rates. */
export function drawFault(dials: CommonDials, random: Random, method: string, path: string): Fault | undefined {
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
  return rates.find(([share]) => share > 0 && random.next() < share)?.[1];
}

/** Whether the request takes effect in spite of the fault. */
export function takesEffect(met: Fault | undefined): boolean {
  if (met === undefined) return true;
  if ("processed" in met) return met.processed ?? false;
  return !["status", "html502", "redirect", "hang", "drop_before"].includes(met.kind);
}

/** What leaves the server: the true answer, what the fault makes of it, or nothing. */
export function spoil(met: Fault | undefined, truth: Reply): Reply | "hang" | "drop" {
  const text = truth.body ?? "{}";
  const json = { ...truth.headers, "Content-Type": "application/json" };
  switch (met?.kind) {
    case undefined:
    case "delay":
      return truth;
    case "drop_before":
    case "drop_after":
      return "drop";
    case "hang":
      return "hang";
    case "status": {
      const body = JSON.stringify(met.body ?? { message: `HTTP ${met.status}` });
      return { status: met.status, headers: { "Content-Type": "application/json", ...met.headers }, body };
    }
    case "redirect":
      return { status: 302, headers: { Location: met.location }, body: "" };
    case "html502":
      return { status: 502, headers: { "Content-Type": "text/html" }, body: gatewayPage };
    case "null_body":
      return { ...truth, headers: json, body: "null" };
    case "truncated_json":
      return { ...truth, headers: json, body: text.slice(0, Math.max(1, Math.floor(text.length / 2))) };
    case "garbled_json":
      return { ...truth, headers: json, body: `<<${text.replaceAll('"', "'")}` };
    case "huge_body":
      return { ...truth, headers: json, body: JSON.stringify({ success: true, data: "x".repeat(met.bytes) }) };
  }
}

const gatewayPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n" +
  "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
