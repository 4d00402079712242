import { html } from "../page/mod.ts";

/**
 * What the page may do, as the browser enforces it: its own scripts, WebAssembly, its own files; no other server, no form, no frame. The worker starts
 * from a blob, so that it is bound by the same, whatever headers a static host sends.
 */
export const policy: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src blob:",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** index.html. */
export function documentOf(name: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${html`${name}`.text} · inspector</title>
<link rel="stylesheet" href="style.css">
<script type="module" src="page.js"></script>
</head>
<body>
<div id="page"></div>
<noscript><main><p>The inspector computes in this page and needs JavaScript.</p></main></noscript>
</body>
</html>
`;
}
