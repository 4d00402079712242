import { type Code, f32x4, i32, type Local, loop, type Routine } from "../_assemble.ts";
import { n } from "./_common.ts";

/**
 * Elementwise over `bytes` bytes, a multiple of 16 (allocations are): one pass of `each`, which gets the offset.
 */
function elementwise(
  floats: number,
  addresses: number,
  each: (addresses: Code[], scalars: Local[], local: (type: "v128") => Local) => Code,
): Routine {
  return {
    parameters: [...new Array(addresses + 1).fill("i32"), ...new Array(floats).fill("f32")],
    body: (parameters, local) => {
      const bytes = parameters[addresses] as Local;
      const i = local("i32");
      const lanes = parameters.slice(addresses + 1).map(() => local("v128"));
      return [
        ...lanes.flatMap((lane, s) => lane.set(f32x4.splat((parameters[addresses + 1 + s] as Local).get))),
        ...loop(
          i,
          n(0),
          bytes.get,
          16,
          each(parameters.slice(0, addresses).map((a) => i32.add(a.get, i.get)), lanes, local),
        ),
      ];
    },
  };
}

/**
 * Adam over one parameter: addresses of the new and the old parameter, the gradient and the moments, which change in place; then
 * beta1, 1 - beta1, beta2, 1 - beta2, the rate and epsilon (both times the root of the correction), the weight decay.
 */
export const adam: Routine = elementwise(7, 5, (addresses, scalars, local) => {
  const [next, p, g, m, v] = addresses as [Code, Code, Code, Code, Code];
  const [b1, c1, b2, c2, rate, epsilon, decay] = scalars as [Local, Local, Local, Local, Local, Local, Local];
  const [parameter, gradient, mean, square] = [local("v128"), local("v128"), local("v128"), local("v128")];
  return [
    ...parameter.set(f32x4.load(p)),
    ...gradient.set(f32x4.add(f32x4.load(g), f32x4.mul(parameter.get, decay.get))),
    ...mean.set(f32x4.add(f32x4.mul(f32x4.load(m), b1.get), f32x4.mul(gradient.get, c1.get))),
    ...square.set(
      f32x4.add(f32x4.mul(f32x4.load(v), b2.get), f32x4.mul(f32x4.mul(gradient.get, gradient.get), c2.get)),
    ),
    ...f32x4.store(m, mean.get),
    ...f32x4.store(v, square.get),
    ...f32x4.store(
      next,
      f32x4.sub(
        parameter.get,
        f32x4.div(f32x4.mul(mean.get, rate.get), f32x4.add(f32x4.sqrt(square.get), epsilon.get)),
      ),
    ),
  ];
});
