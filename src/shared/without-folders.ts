import { basename } from 'node:path';

/** What an error says, for people who need not know where files lie on the machine: a path is named by its last part. */
export function withoutFolders(error: unknown): string {
  const {
    message = String(error),
    path,
    dest,
  } = Object(error) as Partial<NodeJS.ErrnoException & { dest: string }>;
  return [path, dest].reduce<string>(
    (said, place) => (place === undefined ? said : said.replaceAll(place, basename(place))),
    message,
  );
}
