/**
 * A run as a page and as tables.
 *
 * @module
 */
export { comparisonPage } from "./comparison_page.ts";
export { embed, type EmbedOptions } from "./embed.ts";
export { type Curve, type CurvePoint, meanCurves } from "./mean_curves.ts";
export { type NeighbourShare, neighbourShares } from "./neighbour_share.ts";
export { oftenWrong, type WrongClip } from "./often_wrong.ts";
export { eventFile, type EventFileOptions, type ScalarPoint } from "./event_file.ts";
export { pngUri } from "./_png.ts";
export { type Report, reportPage } from "./report_page.ts";
export { scalarsOf } from "./scalars_of.ts";
export * from "./table.ts";
export * from "./types.ts";
