import type BetterSqlite3 from 'better-sqlite3';

/**
 * The release of better-sqlite3 that fits this Node. Its last release for Node 20 uses a class of Node that, from Node 24.19
 * on, ends the process when an object of it is collected at the wrong moment. Later releases need the Node-API 10 of later
 * Nodes. Only this file knows that there are two.
 */
const fitting = Number(process.versions.napi) >= 10 ? 'better-sqlite3-napi' : 'better-sqlite3';

const driver = (await import(fitting)) as { default: typeof BetterSqlite3 };

export const Database = driver.default;
