/**
 * Handcrafted descriptors of clips and of optical flow, each a pure function of typed arrays.
 *
 * @module
 */
export type { BlockGrid } from "./_grid.ts";
export { lbpTopMethod } from "./lbp_top/method.ts";
export { lbpTop, type LbpTopOptions } from "./lbp_top/lbp_top.ts";
export { lbpSipMethod } from "./lbp_sip/method.ts";
export { lbpSip, type LbpSipOptions } from "./lbp_sip/lbp_sip.ts";
export { biWoofMethod } from "./bi_woof/method.ts";
export { biWoof, type BiWoofOptions } from "./bi_woof/bi_woof.ts";
export { higoTopMethod } from "./higo_top/method.ts";
export { higoTop, type HigoTopOptions } from "./higo_top/higo_top.ts";
export { fhofoMethod } from "./fhofo/method.ts";
export { fhofo, type FhofoOptions } from "./fhofo/fhofo.ts";
export { stlbpIpMethod } from "./stlbp_ip/method.ts";
export { stlbpIp, type StlbpIpOptions } from "./stlbp_ip/stlbp_ip.ts";
export { learnCodebook } from "./stclqp/learn_codebook.ts";
export { stclqpMethod, type TrainedStclqp } from "./stclqp/method.ts";
export { stclqpCodes, type StclqpOptions } from "./stclqp/stclqp.ts";
