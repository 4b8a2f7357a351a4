import { usageError } from "../usage-error.js";
import { readStartReply, type StartedSession } from "./start-reply.js";

/** What the AWS CLI hands over. */
export interface PluginArguments {
  readonly started: StartedSession;
  readonly region: string;
  readonly profile: string | undefined;
  readonly target: string | undefined;
  readonly endpoint: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `<reply or variable> <region> StartSession [profile] [request] [endpoint]`. */
export function readPluginArguments(args: readonly string[], environment: Environment): PluginArguments {
  const [reply = "", region = "", operation = "", profile = "", request = "", endpoint = ""] = args;
  if (region === "") throw usageError("The region is missing.", "The AWS CLI gives it as the second argument.");
  if (operation !== "StartSession")
    throw usageError(`The operation is "${operation}".`, "Only StartSession can be carried on.");
  const text = reply.trimStart().startsWith("{") ? reply : environment[reply];
  if (text === undefined || text === "")
    throw usageError(
      "There is no reply of StartSession.",
      "The first argument is its JSON, or the name of a variable that holds it.",
    );
  return {
    started: readStartReply(text, "The reply of StartSession"),
    region,
    profile: profile || undefined,
    target: targetOf(request),
    endpoint: endpoint || undefined,
  };
}

/** Only encrypted sessions need it, so a request that is not readable is none. */
function targetOf(request: string): string | undefined {
  try {
    const target = (JSON.parse(request) as { readonly Target?: unknown } | null)?.Target;
    return typeof target === "string" && target !== "" ? target : undefined;
  } catch {
    return undefined;
  }
}
