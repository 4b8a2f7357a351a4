import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { qrMatrix, qrSvg } from "../output/qr.js";

/** A page on loopback with the code on show, for terminals that cannot draw it. */
export interface QrPage {
  /** With a random path: whoever reads the code can link the account, so other users of this machine must not find it. */
  readonly url: string;
  show(artefact: string): void;
  close(): void;
}

const refreshSeconds = 2;
const secretPathBytes = 16;

export async function openQrPage(): Promise<QrPage> {
  let drawing = "";
  const path = `/${randomBytes(secretPathBytes).toString("hex")}`;
  const server = createServer((request, response) => answer(request, response, path, drawing));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    show: (artefact) => {
      drawing = qrSvg(qrMatrix(artefact));
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, path: string, drawing: string): void {
  // A name of another site that was made to point here must not get the code.
  const isLoopback = /^127\.0\.0\.1:\d+$/.test(request.headers.host ?? "");
  if (!isLoopback || request.url !== path) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found.\n");
    return;
  }
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(pageOf(drawing));
}

function pageOf(drawing: string): string {
  const body = drawing === "" ? "<p>The code is on its way …</p>" : drawing;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="${refreshSeconds}">
<meta name="viewport" content="width=device-width"><title>Scan to link</title>
<style>body{margin:0;display:grid;place-items:center;min-height:100vh;font:16px system-ui;background:#fff}svg{width:min(90vmin,480px)}</style>
<main>${body}</main></html>
`;
}
