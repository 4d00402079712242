import { html, type Markup } from "./markup.ts";
import { style } from "./style.ts";

/** What a page is made of. */
export interface DocumentParts {
  /** The title in the browser's tab, as plain text. */
  readonly title: string;
  /** What stands in the body. */
  readonly body: Markup;
  /** What the page adds to the style of all pages, as CSS. */
  readonly style?: string;
}

/**
 * A whole HTML page without scripts that loads nothing from anywhere, for light and dark, wide and narrow, screen and paper.
 */
export function documentOf({ title, body, style: own = "" }: DocumentParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${html`${title}`.text}</title>
<style>${style}${own}</style>
</head>
<body>
${body.text}
</body>
</html>
`;
}

/** The first line of a page: what it is, and the switch between light, dark and what the system says. */
export function topLine(text: string): Markup {
  const choice = (name: string, checked: boolean) =>
    html`<label><input type="radio" name="theme" id="theme-${name.toLowerCase()}"${
      checked
        ? html`
          checked
        `
        : undefined
    }>${name}</label>`;
  return html`
    <div class="top">
      <p class="soft">${text}</p>
      <fieldset class="theme"><legend class="hidden">Colours</legend>${choice("System", true)}${choice(
        "Light",
        false,
      )}${choice("Dark", false)}</fieldset>
    </div>
  `;
}
