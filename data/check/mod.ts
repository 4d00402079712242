/**
 * Checks of databases, tables and the composite's list: what is odd, what is wrong, and what to do about it.
 *
 * @module
 */
export * from "./check_composite.ts";
export * from "./check_database.ts";
export * from "./check_table.ts";
export * from "./report.ts";
