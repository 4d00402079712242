import { html, type Markup } from "./markup.ts";

/** Some figures in a row. */
export function figures(list: readonly (readonly [string, string | number])[]): Markup {
  return html`<dl class="figures">${
    list.map(([name, value]) =>
      html`
        <div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>
      `
    )
  }</dl>`;
}
