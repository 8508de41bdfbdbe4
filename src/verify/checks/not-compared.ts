/** What a check of a bundle left alone: files that people read or run, whose content it did not compare. */
export interface NotCompared {
  /** Paths in what was checked, sorted. */
  readonly files: readonly string[];
  /** Ends a sentence: `made by 0.1.0`. */
  readonly why: string;
}

/** Files that are named in one word, in this order. */
const KINDS: readonly [kind: string, path: RegExp][] = [
  ['pages', /^(index\.html$|data\/(study\.html$|files\/))/],
  ['README', /(^|\/)README\.md$/],
  ['VERIFY.md', /(^|\/)VERIFY\.md$/],
  ['verify.mjs', /(^|\/)verify\.mjs$/],
];
/** Descriptions for programs; they go without saying. */
const DESCRIPTIONS =
  /^(bag-info\.txt|data\/ro-crate-metadata\.json|(data\/ledger\/)?schemas\/[^/]+\.schema\.json)$/;

/** `pages, README, VERIFY.md, verify.mjs not compared: made by 0.1.0`, with a count of what no bundle of this version holds. */
export function notComparedText({ files, why }: NotCompared): string {
  const kinds = KINDS.filter(([, path]) => files.some((file) => path.test(file))).map(([kind]) => kind);
  const known = [...KINDS.map(([, path]) => path), DESCRIPTIONS];
  const unknown = files.filter((file) => !known.some((path) => path.test(file))).length;
  if (unknown > 0) kinds.push(unknown === 1 ? '1 unknown file' : `${unknown} unknown files`);
  if (kinds.length === 0) kinds.push('descriptions');
  return `${kinds.join(', ')} not compared: ${why}`;
}

/** So many files of one folder are told one by one. */
const FEW = 5;

/** The files, one a line; where a folder has many, the folder. */
export function notComparedLines({ files }: NotCompared): string[] {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  const counts = new Map<string, number>();
  for (const path of files) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  const lines = files.map((path) => {
    const folder = folderOf(path);
    const count = counts.get(folder)!;
    // Those of `data/files/` have each a meaning of its own.
    return count > FEW && folder.split('/').length > 3 ? `${folder} (${count} files)` : path;
  });
  return [...new Set(lines)];
}
