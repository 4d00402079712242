export * from "./align_face.ts";
export * from "./face_finder.ts";
