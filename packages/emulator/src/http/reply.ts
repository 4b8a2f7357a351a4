/** One HTTP answer as text, before faults touch it. A body of `undefined` is an empty one. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | undefined;
  /** Sent one after the other instead of the body. Throwing `ConnectionLost` in between destroys the socket. */
  parts?: AsyncIterable<string>;
}

/** Thrown by a handler instead of an answer; the server sends `reply`. */
export class Refused extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

/** The reply of a handler, whether it is returned or thrown as `Refused`. */
export async function answered(handle: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

/** A page as Werkzeug, Flask's web server, writes it for errors that no handler took. */
export function werkzeugPage(status: number, title: string, text: string): Reply {
  const body = `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`;
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}

export function internalErrorPage(): Reply {
  return werkzeugPage(
    500,
    "Internal Server Error",
    "The server encountered an internal error and was unable to complete your request. Either the server is " +
      "overloaded or there is an error in the application.",
  );
}

export function notFoundPage(): Reply {
  return werkzeugPage(
    404,
    "Not Found",
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.",
  );
}

export function methodNotAllowedPage(allowed: readonly string[]): Reply {
  const page = werkzeugPage(405, "Method Not Allowed", "The method is not allowed for the requested URL.");
  return { ...page, headers: { ...page.headers, Allow: allowed.join(", ") } };
}

export function unsupportedMediaTypePage(): Reply {
  return werkzeugPage(
    415,
    "Unsupported Media Type",
    "Did not attempt to load JSON data because the request Content-Type was not &#39;application/json&#39;.",
  );
}

/** Thrown by a handler when the server dies under the request: the socket is destroyed. */
export class ConnectionLost extends Error {}
