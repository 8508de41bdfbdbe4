import type BetterSqlite3 from 'better-sqlite3';

/**
 * SQLite, by the release of one driver that fits this Node. Its last release for Node 20 is built on a class of Node's
 * that, from Node 24.19 on, ends the process when an object of it is collected at the wrong moment; its releases since
 * need the Node-API 10 of later Nodes. Only this file knows that there are two, and only their constructor is used here.
 */
const fitting = Number(process.versions.napi) >= 10 ? 'better-sqlite3-napi' : 'better-sqlite3';

const driver = (await import(fitting)) as { default: typeof BetterSqlite3 };

export const Database = driver.default;
