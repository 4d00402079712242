// The page: starts the worker and draws.
import { render } from "preact";
import { App } from "./app.tsx";
import { startWorker } from "./start_worker.ts";

const base = new URL("./", location.href).href;
render(<App connect={() => startWorker(base)} />, document.getElementById("page")!);
