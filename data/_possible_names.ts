/** Names, `subject/clip`, that clips of the genuine tables may have, in every combination: what a lost row may have been called. */

const padded = (n: number, digits: number) => String(n).padStart(digits, "0");

/** Clips of CASME II whose names are unlike the others. */
export const oddCasme2Names: readonly string[] = ["EP01_2", "EP08_1", "EP09f", "EP06_02_01"];

/** CASME II: episodes, clips and the mark f. */
export function* casme2Names(): Generator<string> {
  for (let subject = 1; subject <= 26; subject++) {
    const folder = `sub${padded(subject, 2)}`;
    for (const name of [...oddCasme2Names, "EP06_02_02"]) yield `${folder}/${name}`;
    for (let episode = 1; episode <= 20; episode++) {
      for (let clip = 1; clip <= 60; clip++) {
        for (const mark of ["", "f"]) yield `${folder}/EP${padded(episode, 2)}_${padded(clip, 2)}${mark}`;
      }
    }
  }
}

/** SAMM: subject, inducement, clip. */
export function* sammNames(): Generator<string> {
  for (let number = 1; number <= 40; number++) {
    const subject = padded(number, 3);
    for (let code = 1; code <= 9; code++) {
      for (let clip = 1; clip <= 40; clip++) yield `${subject}/${subject}_${code}_${clip}`;
    }
  }
}

/** SMIC: `s1/s1_ne_01`, or `s01/s01_ne_01` with two digits. */
export function* smicNames(digits: 1 | 2): Generator<string> {
  for (let number = 1; number <= 20; number++) {
    const subject = `s${padded(number, digits)}`;
    for (const word of ["ne", "po", "sur"]) {
      for (let clip = 1; clip <= 60; clip++) yield `${subject}/${subject}_${word}_${padded(clip, 2)}`;
    }
  }
}
