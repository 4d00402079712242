import { UserError } from "../types.ts";
import { policy } from "./_document.ts";
import type { InspectorFiles } from "./inspector_files.ts";

/** Options of {@linkcode serveInspector}. */
export interface ServeInspectorOptions {
  /**
   * The port; 0 takes a free one.
   *
   * @default {0}
   */
  readonly port?: number;
}

/** A running server of the inspector. */
export interface ServedInspector {
  /** Where to open it. */
  readonly url: string;
  /** Ends it. */
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
};

/**
 * Serves the inspector to this machine alone (127.0.0.1; browsers give the camera to such pages). The server only gives files out and takes nothing in.
 *
 * @param files What {@linkcode inspectorFiles} gave.
 * @param options
 * @throws {UserError} if the port is taken.
 *
 * @example
 * ```ts
 * import { serveInspector } from "@macro2micro/mer/inspect";
 * import { assertEquals } from "@std/assert";
 *
 * const served = serveInspector(new Map([["index.html", new TextEncoder().encode("<h1>hello</h1>")]]));
 * assertEquals(await (await fetch(served.url)).text(), "<h1>hello</h1>");
 * await served.close();
 * ```
 */
export function serveInspector(files: InspectorFiles, options: ServeInspectorOptions = {}): ServedInspector {
  const { port = 0 } = options;
  const server = listen(port, (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405 });
    const path = decodeURIComponent(new URL(request.url).pathname).slice(1) || "index.html";
    const bytes = files.get(path);
    if (bytes === undefined) return new Response("There is no such file.", { status: 404 });
    return new Response(request.method === "HEAD" ? null : bytes, {
      headers: {
        "content-type": types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
        "content-length": String(bytes.length),
        "content-security-policy": policy,
        "cache-control": "no-cache",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
      },
    });
  });
  return { url: `http://127.0.0.1:${server.addr.port}/`, close: () => server.shutdown() };
}

function listen(port: number, handler: (request: Request) => Response): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, handler);
  } catch (error) {
    throw new UserError(
      `Cannot serve the inspector on port ${port}: ${(error as Error).message}; choose another with --port.`,
    );
  }
}
