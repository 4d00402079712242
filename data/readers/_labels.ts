/** The labels of each database in its own words, lower case. Seals count on the order: add at the end only. */
export const labelNames = {
  casme2: ["happiness", "disgust", "repression", "surprise", "sadness", "fear", "others"],
  samm: ["anger", "other", "happiness", "surprise", "contempt", "disgust", "fear", "sadness"],
  casme3: ["happy", "disgust", "fear", "anger", "sad", "surprise", "others"],
  mmew: ["happiness", "anger", "surprise", "disgust", "fear", "sadness", "others", "repression"],
  smic: ["negative", "positive", "surprise"],
} as const satisfies Record<string, readonly string[]>;
