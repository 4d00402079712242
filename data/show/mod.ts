/**
 * A database as a page.
 *
 * @module
 */
export * from "./show_database.ts";
