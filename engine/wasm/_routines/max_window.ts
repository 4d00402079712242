import { type Code, f32x4, i32, loop, type Routine } from "../_assemble.ts";
import { type Four, n } from "./_common.ts";

/**
 * The gradient of max pooling for one window: adds dy to dx at the window's largest x, the first one of equals. Groups of four channels;
 * the window's first place is at x and dx, its rows and columns are so many bytes apart.
 */
export const maxWindow: Routine = {
  parameters: ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  body: (parameters, local) => {
    const [x, dx, dy, rows, columns, rowBytes, columnBytes, bytes] = parameters as [...Four, ...Four];
    const [channel, i, j, at] = [0, 0, 0, 0].map(() => local("i32")) as Four;
    const [best, rest, equal] = [local("v128"), local("v128"), local("v128")];
    const places = (each: Code): Code =>
      loop(i, n(0), rows.get, 1, [
        ...at.set(i32.add(channel.get, i32.mul(i.get, rowBytes.get))),
        ...loop(j, n(0), columns.get, 1, [...each, ...at.add(columnBytes.get)]),
      ]);
    const value = f32x4.load(i32.add(x.get, at.get)), target = i32.add(dx.get, at.get);
    return loop(channel, n(0), bytes.get, 16, [
      ...best.set(f32x4.load(i32.add(x.get, channel.get))),
      ...places(best.set(f32x4.max(best.get, value))),
      ...rest.set(f32x4.load(i32.add(dy.get, channel.get))),
      ...places([
        ...equal.set(f32x4.equal(value, best.get)),
        ...f32x4.store(target, f32x4.add(f32x4.load(target), f32x4.and(rest.get, equal.get))),
        ...rest.set(f32x4.andNot(rest.get, equal.get)), // given away
      ]),
    ]);
  },
};
