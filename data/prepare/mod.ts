export * from "./options.ts";
export * from "./prepare_databases.ts";
