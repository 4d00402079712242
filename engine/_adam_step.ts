/** The numbers of one step, with the corrections for the moments' start at zero worked in. */
export type AdamStep = {
  /** See `AdamOptions`. */
  readonly beta1: number;
  /** See `AdamOptions`. */
  readonly beta2: number;
  /** lr sqrt(1 - beta2^t) / (1 - beta1^t) */
  readonly rate: number;
  /** eps sqrt(1 - beta2^t) */
  readonly epsilon: number;
  /** See `AdamOptions`. */
  readonly weightDecay: number;
};
