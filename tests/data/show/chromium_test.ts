// The page as a browser shows it.
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { openFaceFinder, showDatabase, synthesizeDatabases } from "../../../data/mod.ts";
import { startEngine } from "../../../engine/mod.ts";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = places.find((place) => {
  try {
    return Deno.statSync(place).isFile;
  } catch {
    return false;
  }
});
const quiet = [
  ..."--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(" "),
  ..."--disable-component-update --disable-sync".split(" "),
];

/** What is wrong with the page in the browser; runs there. */
const faults = `(() => {
  const list = [];
  if (document.documentElement.scrollWidth > innerWidth) list.push("wider than the screen");
  for (const image of document.images) {
    if (!image.alt) list.push("an image without a text");
    if (!image.complete || image.naturalWidth === 0) list.push("an image that cannot be shown");
  }
  for (const picture of document.querySelectorAll("svg[role=img]")) {
    if (!picture.getAttribute("aria-label")) list.push("a picture without a text");
  }
  let level = 0;
  for (const heading of document.querySelectorAll("h1,h2,h3,h4")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) list.push("heading " + heading.textContent + " skips a level");
    level = next;
  }
  if (document.querySelectorAll("h1").length !== 1) list.push("not one h1");
  for (const table of document.querySelectorAll("table")) {
    if (!table.caption || !table.querySelector("th[scope]")) list.push("a table without caption or headers");
  }
  for (const link of document.querySelectorAll("a[href^='#']")) {
    if (!document.getElementById(link.hash.slice(1))) list.push("a link to nowhere: " + link.hash);
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) list.push("an id twice");
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map((x) => x / 255).map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const colour = getComputedStyle(element).backgroundColor;
    return colour === "rgba(0, 0, 0, 0)" && element.parentElement ? ground(element.parentElement) : colour;
  };
  for (const element of document.querySelectorAll("p,h1,h2,h3,th,td,dt,dd,figcaption,caption,a,li,summary,.tag,.ticks span")) {
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) list.push("too little contrast: " + element.textContent.slice(0, 30));
  }
  return list;
})()`;

Deno.test({
  name: `the page of showDatabase() in Chromium: no message, no request, nothing too wide, everything named${
    executablePath === undefined ? " (skipped: no Chromium)" : ""
  }`,
  ignore: executablePath === undefined,
  // The browser's pipes are closed when it is; playwright keeps listeners on the process.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const root = await Deno.makeTempDir(), file = join(root, "page.html");
    const subjects = { casme2: 2, smic: 1, samm: 1, ckplus: 1, mmi: 1 };
    await synthesizeDatabases(join(root, "all"), { subjects, clipsPerSubject: 4, size: 48 });
    await startEngine("wasm", { say: () => {} });
    const finder = await openFaceFinder();
    let browser: Browser | undefined;
    try {
      browser = await chromium.launch({ executablePath: executablePath!, args: quiet });
      for (const faces of [false, true]) {
        await Deno.writeTextFile(
          file,
          await showDatabase("casme2", join(root, "all/casme2"), { clips: 4, finder, faces }),
        );
        const grounds = new Set<string>();
        for (const width of [320, 390, 1440]) {
          for (const colorScheme of ["light", "dark"] as const) {
            const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
            const messages: string[] = [], requests: string[] = [];
            page.on("console", (message) => messages.push(message.text()));
            page.on("pageerror", (error) => messages.push(error.message));
            page.on("request", (request) => requests.push(request.url()));
            await page.goto(`file://${file}`, { waitUntil: "load" });
            const found: string[] = await page.evaluate(faults);
            assertEquals(found, [], `${width} ${colorScheme}`);
            assertEquals(messages, []);
            assertEquals(requests.filter((url) => !url.startsWith("data:")), [`file://${file}`]);
            grounds.add(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
            await page.close();
          }
        }
        assert(grounds.size === 2, "light and dark look the same");
      }
    } finally {
      await browser?.close();
      await Deno.remove(root, { recursive: true });
    }
  },
});
