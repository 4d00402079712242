// Describes its share of the clips when told to: for bench/descriptors/lbp_top.ts.
import { lbpTop, type LbpTopOptions } from "../../models/descriptors/mod.ts";

interface Order {
  readonly clips: SharedArrayBuffer;
  readonly shape: readonly [number, number, number, number];
  readonly options: LbpTopOptions;
  readonly which: readonly number[];
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(done: number): void;
};

scope.onmessage = ({ data: { clips, shape, options, which } }) => {
  const size = shape.reduce((a, b) => a * b);
  for (const c of which) {
    lbpTop({ kind: "clip", pixels: new Uint8Array(clips, c * size, size), shape }, options);
  }
  scope.postMessage(which.length);
};
