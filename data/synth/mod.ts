/**
 * Synthetic databases: miniature look-alikes of CASME II, SMIC, SAMM, CK+ and MMI of drawn faces, and the renderer behind them.
 *
 * @module
 */
export { contactSheet } from "./contact_sheet.ts";
export { type Colour, drawIdentity, type FaceIdentity } from "./face_identity.ts";
export { expressionCurve, type ExpressionCurveOptions } from "./expression_curve.ts";
export { type ActionUnits, drawActionUnits, expressionUnits, writeActionUnits } from "./expressions.ts";
export { type RenderedFace, renderFace, type RenderFaceOptions } from "./render_face.ts";
export {
  synthesizeDatabases,
  type SynthOptions,
  type SynthProgress,
  type SynthReport,
  synthVersion,
} from "./synthesize_databases.ts";
