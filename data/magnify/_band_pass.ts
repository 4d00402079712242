/**
 * The part of each place's course over time whose frequency lies within low..high, in place: an ideal filter, by the discrete
 * Fourier transform of the frames at the frequencies k fps / T in the band. `frames` are T arrays of equal length.
 */
export function bandPass(frames: readonly Float32Array[], fps: number, low: number, high: number): void {
  const count = frames.length, size = frames[0]!.length;
  const out = frames.map(() => new Float32Array(size));
  const re = new Float32Array(size), im = new Float32Array(size);
  for (let k = 1; 2 * k <= count; k++) {
    const frequency = k * fps / count;
    if (frequency < low || frequency > high) continue;
    re.fill(0);
    im.fill(0);
    const turn = (t: number) => 2 * Math.PI * ((k * t) % count) / count;
    frames.forEach((frame, t) => {
      const [c, s] = [Math.cos(turn(t)), Math.sin(turn(t))];
      for (let i = 0; i < size; i++) {
        re[i]! += c * frame[i]!;
        im[i]! += s * frame[i]!;
      }
    });
    const share = (2 * k === count ? 1 : 2) / count;
    out.forEach((frame, t) => {
      const [c, s] = [share * Math.cos(turn(t)), share * Math.sin(turn(t))];
      for (let i = 0; i < size; i++) frame[i]! += c * re[i]! + s * im[i]!;
    });
  }
  frames.forEach((frame, t) => frame.set(out[t]!));
}
