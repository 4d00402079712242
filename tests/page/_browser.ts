// A page of ours as a browser shows it: messages, requests, width, names, contrast.
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Where Chromium is, if it is. */
export const executablePath: string | undefined = places.find((place) => {
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

/** What is wrong with a page in the browser; runs there. */
export const faults = `(() => {
  const list = [];
  if (document.documentElement.scrollWidth > innerWidth) list.push("wider than the screen");
  for (const image of document.images) {
    if (!image.alt && !image.closest("[role=img][aria-label]")) list.push("an image without a text");
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
  const colour = (text) => { // red, green, blue 0..1, alpha
    const numbers = text.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number), alpha = numbers[3] ?? 1;
    return [...numbers.slice(0, 3).map((x) => text.startsWith("color(") ? x : x / 255), alpha];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((x, i) => a * x + (1 - a) * ground[i]);
  const ground = (element) => {
    const own = colour(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, element.parentElement ? ground(element.parentElement) : [1, 1, 1]);
  };
  for (const element of document.querySelectorAll("p,h1,h2,h3,th,td,dt,dd,figcaption,caption,a,li,summary,label,.tag,.ci,.ticks span")) {
    if (element.textContent === "") continue;
    const below = ground(element), text = over(colour(getComputedStyle(element).color), below);
    const [a, b] = [light(text), light(below)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) list.push("too little contrast: " + element.textContent.slice(0, 30));
  }
  return list;
})()`;

/** Words for the name of a test that needs Chromium. */
export const skipped = executablePath === undefined ? " (skipped: no Chromium)" : "";

/** What axe finds wrong with a page, an entry a rule. */
export async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return await page.evaluate(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
  );
}

/** Starts Chromium, gives it to `use`, and ends it. */
export async function withBrowser(
  use: (browser: Browser) => Promise<void>,
  args: readonly string[] = [],
): Promise<void> {
  const browser = await chromium.launch({ executablePath: executablePath!, args: [...quiet, ...args] });
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

/**
 * Opens a page at 320, 390 and 1440 pixels, light and dark: no message, no request beside the file's own, nothing too wide or unnamed, enough contrast, and
 * light looks unlike dark. The page's own switch goes before the system's wish.
 */
export async function assertGoodPage(browser: Browser, file: string): Promise<void> {
  for (const width of [320, 390, 1440]) {
    const grounds: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const messages: string[] = [], requests: string[] = [];
      page.on("console", (message) => messages.push(message.text()));
      page.on("pageerror", (error) => messages.push(error.message));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(`file://${file}`, { waitUntil: "load" });
      const ground = async () =>
        String(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
      assertEquals(await page.evaluate(faults), [], `${width} ${colorScheme}`);
      grounds.push(await ground());
      await page.focus("#theme-system");
      await page.keyboard.press("ArrowRight");
      assertEquals(await ground(), grounds[0], "Light by the keyboard");
      await page.keyboard.press("ArrowRight");
      const dark = await ground();
      assertEquals(await page.evaluate(faults), [], `${width}, Dark by the keyboard`);
      if (colorScheme === "dark") assertEquals(dark, grounds[1], "Dark by the keyboard");
      if (width === (colorScheme === "light" ? 390 : 1440)) { // axe is slow
        assertEquals(await axeFindings(page), [], `axe, ${width} ${colorScheme}`);
      }
      await page.emulateMedia({ media: "print" });
      assertEquals(await ground(), "rgb(255, 255, 255)", "paper is white, whatever the switch says");
      assertEquals(await page.evaluate(faults), [], `${width}, printed`);
      assertEquals(messages, []);
      assertEquals(requests.filter((url) => !url.startsWith("data:")), [`file://${file}`]);
      await page.close();
    }
    assert(grounds[0] !== grounds[1], "light and dark look the same");
  }
}
