import type { IncomingMessage } from "node:http";

const loopbackHost = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * True for what a web page of somebody else sends: behind this door there is a shell. No client of the service has an
 * Origin, and none reaches loopback under another name.
 */
export function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const { host = "", origin } = headers;
  return !loopbackHost.test(host) || (origin !== undefined && origin !== `http://${host}`);
}
