import { CATALOGUE, routeOf } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { dataClassOf, fieldsOf, type Field } from '../../study/commands/common/fields.js';
import { FILES } from '../../exports/files.js';
import { PROJECTIONS } from '../../study/projections/catalogue.js';
import { inWords } from './schema-in-words.js';
import { VERSION } from '../../shared/version.js';
import { PARAMETERS, type ParameterName } from '../routes/parameters.js';
import { refusalsOf } from '../../study/commands/common/refusals-of.js';
import { ANY_COMMAND, statusOf, type ProblemCode } from '../platform/problems.js';
import { COMMAND_PATH, SITE } from '../routes/all-routes.js';
import { READS, type ReadRoute } from '../routes/read-routes.js';

const STUDY = 'KET-01';

const PHASES: Readonly<Record<CommandDefinition['phase'], string>> = {
  study: 'The study',
  animal: 'The animal',
  surgery: 'Surgery',
  measurement: 'Measurement',
  treatment: 'Treatment',
  welfare: 'Welfare',
  record: 'The record itself',
};

/** What the page says about the ledger. */
export interface Ledger {
  readonly facility: string;
  readonly simulated: boolean;
}

/** The description of the interface for people: the content of the OpenAPI document as a page. */
export function page(origin: string, { facility, simulated }: Ledger): string {
  const phases = [...new Set(CATALOGUE.map(({ phase }) => phase))];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Study Ledger: commands and reads</title>
<link rel="stylesheet" href="${SITE.style.path}">
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header>
${simulated ? SIMULATED : ''}<h1>Study Ledger</h1>
<p>The ledger of ${escaped(facility)}, version ${escaped(VERSION)}. Every command appends records; every read is computed from them. For programs:
<a href="${SITE.openapi.path}">openapi.json</a> · <a href="${SITE.health.path}">health</a></p>
</header>
<nav aria-label="Contents">${contents(phases)}</nav>
<main id="main">
${introduction()}
${phases.map((phase) => phaseSection(phase, origin)).join('\n')}
<section aria-labelledby="reads"><h2 id="reads">Reads</h2>
${Object.entries(READS)
  .map(([name, read]) => readArticle(name, read, origin))
  .join('\n')}
</section>
</main>
<footer><p class="quiet">Written from the catalogue of version ${escaped(VERSION)}.</p></footer>
</body>
</html>
`;
}

const SIMULATED =
  '<p class="banner" role="note"><strong>SIMULATED DATA.</strong> Every animal in this ledger is simulated. It is marked so for ever.</p>\n';

function contents(phases: readonly CommandDefinition['phase'][]): string {
  const groups = phases.map((phase) => {
    const links = ofPhase(phase).map(
      ({ name, summary }) => `<li><a href="#${routeOf(name)}">${escaped(summary)}</a></li>`,
    );
    return `<li><a href="#${phase}">${PHASES[phase]}</a><ul>${links.join('')}</ul></li>`;
  });
  return `<ul>${groups.join('')}<li><a href="#reads">Reads</a></li></ul>`;
}

function introduction(): string {
  const codes = ANY_COMMAND.map(codeWithStatus).join(', ');
  return `<section aria-labelledby="how"><h2 id="how">How it works</h2>
<p>A command is a POST of JSON to <code>${escaped(COMMAND_PATH.replace(':code', STUDY).replace(':command', '…'))}</code>.
The answer is a receipt: the record numbers with their leaf hashes, the tree size and the root.</p>
<p>Send each command under an id of its own, a UUID in the header <code>Idempotency-Key</code>. Sent again under the same
id, it is answered with the same receipt and recorded once. Without the header an id is made and returned.</p>
<p>A “no” is a problem document (RFC 9457) with a stable <code>code</code>, and a <code>detail</code> that says what to do;
<code>errors</code> lists everything that is wrong with the form of a command.
Any command can be answered ${codes}.</p>
<p>Until there are accounts, everybody acts as <code>development-identity</code>, and the server listens on this machine
only.</p></section>`;
}

function ofPhase(phase: CommandDefinition['phase']): CommandDefinition[] {
  return CATALOGUE.filter((definition) => definition.phase === phase);
}

function phaseSection(phase: CommandDefinition['phase'], origin: string): string {
  const articles = ofPhase(phase).map((definition) => commandArticle(definition, origin));
  return `<section aria-labelledby="${phase}"><h2 id="${phase}">${PHASES[phase]}</h2>\n${articles.join('\n')}\n</section>`;
}

function commandArticle(definition: CommandDefinition, origin: string): string {
  const { name, summary, records, example } = definition;
  const route = routeOf(name);
  const path = COMMAND_PATH.replace(':code', STUDY).replace(':command', route);
  const fields = [...fieldsOf(definition.command)];
  const data = [...fieldsOf(dataClassOf(definition.command))];
  const reason = definition.reasonRequired;
  const terms = [
    ...data.map(([key, field]) => fieldTerm(`data.${key}`, field)),
    ...fields.map(([key, field]) =>
      fieldTerm(key, key === 'reason' && reason ? { ...field, required: true } : field),
    ),
  ];
  return `<article aria-labelledby="${route}">
<h3 id="${route}">${escaped(summary)}</h3>
<p><code>POST ${escaped(path)}</code><br><span class="quiet">${escaped(name)}, records ${escaped(records)}</span></p>
<h4>Fields</h4>
<dl>${terms.join('')}</dl>
<h4>Example</h4>
<pre>${escaped(JSON.stringify(example, null, 2))}</pre>
<pre>curl ${escaped(quoted(origin + path))} -H 'Content-Type: application/json' -d ${escaped(quoted(JSON.stringify(example)))}</pre>
<h4>Refusals</h4>
<p>${refusalsOf(definition).map(codeWithStatus).join(', ') || 'None of its own'}</p>
</article>`;
}

function fieldTerm(name: string, { schema, description, required }: Field): string {
  const words = `${required ? 'required' : 'may be left out'}; ${inWords(schema)}`;
  return `<dt><code>${escaped(name)}</code> <span class="quiet">${escaped(words)}</span></dt><dd>${marked(description)}</dd>`;
}

function readArticle(
  name: string,
  { path, summary, parameters, refusals, body }: ReadRoute,
  origin: string,
): string {
  const example = path
    .replace(':code', STUDY)
    .replace(':name', 'responder-status')
    .replace(':number', '57')
    .replace(':file', 'table.csv')
    .replace(':year', '2026')
    .replace(':format', 'eu');
  const names = path.includes(':name')
    ? PROJECTIONS.map((projection) => term(projection.name, '', projection.summary))
    : path.includes(':file')
      ? FILES.map((file) => term(file.name, '', file.summary))
      : [];
  const terms = parameters.map((parameter) => parameterTerm(parameter));
  return `<article aria-labelledby="read-${name}">
<h3 id="read-${name}">${escaped(summary)}</h3>
<p><code>GET ${escaped(path)}</code></p>
${names.length > 0 ? `<dl>${names.join('')}</dl>` : ''}
${terms.length > 0 ? `<h4>Parameters</h4><dl>${terms.join('')}</dl>` : ''}
<pre>curl ${escaped(quoted(origin + example))}</pre>
${body ? askedWith(body) : ''}${refusals.length > 0 ? `<p>Refusals: ${refusals.map(codeWithStatus).join(', ')}</p>` : ''}
</article>`;
}

function askedWith({ summary, example, refusals }: NonNullable<ReadRoute['body']>): string {
  return `<p>${escaped(summary)}: a POST of JSON, every part of which may be left out.</p>
<pre>${escaped(JSON.stringify(example, null, 2))}</pre>
<p>Refusals of it: ${refusals.map(codeWithStatus).join(', ')}</p>
`;
}

function parameterTerm(name: ParameterName): string {
  const { schema, description } = PARAMETERS[name];
  return term(name, inWords(schema), description);
}

function term(name: string, words: string, description: string): string {
  return `<dt><code>${escaped(name)}</code> <span class="quiet">${escaped(words)}</span></dt><dd>${marked(description)}</dd>`;
}

function codeWithStatus(code: ProblemCode): string {
  return `<code>${escaped(code)}</code> (${statusOf(code)})`;
}

/** Quotes a text for a shell: within single quotes only the quote itself has a meaning. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Words between backticks are code, as in the OpenAPI document. */
function marked(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
