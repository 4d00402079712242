/**
 * What the pages of this toolkit share: escaping, the style, the frame of a page. Private to the package.
 *
 * @module
 */
export { documentOf, type DocumentParts, topLine } from "./document.ts";
export { figures } from "./figures.ts";
export { heatColour } from "./heat_colour.ts";
export { html, Markup, type Part } from "./markup.ts";
