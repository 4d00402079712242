/** A picture in memory: row-major from the top, interleaved, 0..255. */
export interface Picture {
  /** height x width x channels values. */
  readonly pixels: Uint8Array;
  /** w, pixels. */
  readonly width: number;
  /** h, pixels. */
  readonly height: number;
  /** 1 grey, 3 RGB. */
  readonly channels: 1 | 3;
}

/** A point of a picture, pixels; the centre of the first pixel is (0.5, 0.5). */
export type Point = readonly [x: number, y: number];

/** A face in a picture. Coordinates are pixels of that picture and may lie outside of it. */
export interface FoundFace {
  /** How sure the detector is, 0..1. */
  readonly score: number;
  /** Where the face is. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /**
   * The 68 points of the iBUG scheme: 0-16 jaw, 17-26 brows, 27-35 nose, 36-41 the eye on the picture's left, 42-47 the one on its right,
   * 48-67 mouth.
   */
  readonly landmarks: readonly Point[];
}

/** Finds faces and their landmarks. */
export interface FaceFinder {
  /**
   * The faces of a picture, the largest first. Faces that fill the picture are found too (its border is continued outwards).
   *
   * @param picture A picture, upright.
   * @param options
   */
  find(picture: Picture, options?: FindOptions): Promise<FoundFace[]>;
}

/** Options of a search. */
export interface FindOptions {
  /**
   * Faces below this score are not given.
   *
   * @default 0.5
   */
  readonly leastScore?: number;
}
