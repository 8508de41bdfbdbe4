/** An RO-Crate metadata file, as JSON. */
export interface Crate {
  readonly '@context': readonly (string | Readonly<Record<string, string>>)[];
  readonly '@graph': readonly CrateEntity[];
}

export interface CrateEntity {
  readonly '@id': string;
  readonly '@type': string;
  readonly [property: string]: unknown;
}

/** Those terms of the contexts of RO-Crate 1.1 and 1.2 that are used here: looked up there, neither guessed nor taken from the code. */
const COMMON =
  'CreativeWork Dataset File Organization Person PropertyValue SoftwareApplication CreateAction about author conformsTo ' +
  'contentSize dateCreated dateModified datePublished description encodingFormat endTime genre hasPart identifier instrument ' +
  'keywords license mentions name object publisher result sdPublisher text url value version';

export const CRATE_1_1 = new Set(COMMON.split(' '));
export const CRATE_1_2 = new Set([...COMMON.split(' '), 'sha256']);

/** Types and properties that neither the context of RO-Crate nor the file’s own context knows. */
export function unknownTerms({ '@context': context, '@graph': graph }: Crate, known: Set<string>): string[] {
  const own = new Set(context.flatMap((part) => (typeof part === 'string' ? [] : Object.keys(part))));
  const used = graph.flatMap((entity) => [
    entity['@type'],
    ...Object.keys(entity).filter((key) => !key.startsWith('@')),
  ]);
  return [...new Set(used)].filter((term) => !known.has(term) && !own.has(term));
}

/** What an entity points to and the file does not describe. Addresses on the web need no description. */
export function danglingReferences({ '@graph': graph }: Crate): string[] {
  const described = new Set(graph.map((entity) => entity['@id']));
  return graph
    .flatMap((entity) => Object.values(entity).flat())
    .flatMap((value) => (value as { '@id'?: string } | null)?.['@id'] ?? [])
    .filter((id) => !described.has(id) && !id.startsWith('https://'));
}
