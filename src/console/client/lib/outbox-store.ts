import { withEntry, type KeptEntry } from './kept-entry.js';

/*
 * The entries that wait, in this browser’s IndexedDB: one list, in the order in which they were made. It is small, and read
 * and written as a whole in one transaction, so that two pages never lose one another’s.
 */

const STORE = 'outbox';
const LIST = 'entries';

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const asked = indexedDB.open('study-ledger', 1);
    asked.addEventListener('upgradeneeded', () => asked.result.createObjectStore(STORE));
    asked.addEventListener('success', () => resolve(asked.result));
    asked.addEventListener('error', () => reject(asked.error ?? new Error('no storage')));
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** @throws what the browser says where it keeps nothing. */
export async function keptEntries(): Promise<readonly KeptEntry[]> {
  return change((entries) => entries, 'readonly');
}

/** What waits to be sent: not what a page that is open is sending from its form. @throws as `keptEntries`. */
export async function waitingEntries(): Promise<readonly KeptEntry[]> {
  const [entries, open] = await Promise.all([keptEntries(), openPages()]);
  return entries.filter(({ sentBy }) => sentBy === undefined || !open.has(sentBy));
}

/** Whether another page sends an entry from its form. @throws as `keptEntries`. */
export async function isSentElsewhere(): Promise<boolean> {
  const [entries, own] = [await keptEntries(), await name];
  return entries.some(({ sentBy }) => sentBy !== undefined && sentBy !== own);
}

let name: Promise<string | undefined> | undefined;

/**
 * The name of this page among those that send. It is that of a lock which the browser takes away with the page, however it
 * ends. Undefined where browsers do not lock: on http, but for localhost.
 */
export function nameOfPage(): Promise<string | undefined> {
  name ??= new Promise((resolve) => {
    if (!('locks' in navigator)) return resolve(undefined);
    const own = `study-ledger-page ${crypto.randomUUID()}`;
    navigator.locks
      .request(own, () => {
        resolve(own);
        return new Promise(() => undefined);
      })
      .catch(() => resolve(undefined));
  });
  return name;
}

async function openPages(): Promise<ReadonlySet<string | undefined>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map((lock) => lock.name));
}

/** Resolves once it is on the disk. @throws what the browser says where it keeps nothing. */
export async function keepEntry(entry: KeptEntry): Promise<void> {
  await change((entries) => withEntry(entries, entry), 'readwrite', 'strict');
  tell();
}

/** The disk is not waited for: an entry that is still there after a crash is sent once more, and known by its id. */
export async function dropEntry(id: string): Promise<void> {
  await change((entries) => entries.filter((entry) => entry.id !== id), 'readwrite');
  tell();
}

async function change(
  act: (entries: readonly KeptEntry[]) => readonly KeptEntry[],
  mode: IDBTransactionMode,
  durability: IDBTransactionDurability = 'relaxed',
): Promise<readonly KeptEntry[]> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability });
    const store = transaction.objectStore(STORE);
    let after: readonly KeptEntry[] = [];
    const read = store.get(LIST);
    read.addEventListener('success', () => {
      after = act((read.result as readonly KeptEntry[] | undefined) ?? []);
      if (mode === 'readwrite') store.put(after, LIST);
    });
    transaction.addEventListener('complete', () => resolve(after));
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('no storage')));
  });
}

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('study-ledger-outbox') : undefined;
const told = new EventTarget();
channel?.addEventListener('message', () => told.dispatchEvent(new Event('changed')));

function tell(): void {
  told.dispatchEvent(new Event('changed'));
  channel?.postMessage('');
}

/** On this page or another one of this browser. */
export function onOutboxChanged(act: () => void): void {
  told.addEventListener('changed', act);
}
