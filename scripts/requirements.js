// Prints docs/requirements.md: the requirements of docs/requirements.json, each with the tests that bear its number. A title
// bears numbers at its end, as `[R8]` or `[R23 R24]`. Tests are read, not run. A number that no requirement has is an error.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const requirements = JSON.parse(readFileSync(join(root, 'docs/requirements.json'), 'utf8'));

/** The titles of a test file, each with its file and the describe that it stands in, told by its indent. */
function titlesIn(file) {
  const around = [];
  const source = readFileSync(join(root, file), 'utf8');
  const borne = source.split('\n').flatMap((line) => {
    const [, indent, describe, title] =
      /^( *)(?:(describe)\b|(?:it|test)\b|\]\)).*?\((?:'([^']+)'|`[^`]+`), /.exec(line) ?? [];
    if (title === undefined) return [];
    while (around.length > 0 && around.at(-1).indent >= indent.length) around.pop();
    const [, words, numbers = ''] = /^(.*?)(?: \[((?:R\d+ ?)+)\])?$/.exec(title);
    // What a table of cases puts into its title.
    const whole = [...around.map((outer) => outer.words), words].join(' ').replaceAll(/%[sdji]/g, '…');
    if (describe) around.push({ indent: indent.length, words });
    return numbers === '' ? [] : [{ file, title: whole, numbers: numbers.split(' ') }];
  });
  if (borne.length !== (source.match(/ \[R\d[R\d ]*\]['`]/g) ?? []).length)
    throw new Error(
      `${file}: a title with the number of a requirement is not on the line of its it or describe`,
    );
  return borne;
}

const tests = readdirSync(join(root, 'test'), { recursive: true })
  .filter((file) => file.endsWith('.spec.ts'))
  .sort()
  .flatMap((file) => titlesIn(`test/${file}`));
const known = new Set(requirements.map(({ number }) => `R${number}`));
for (const { file, title, numbers } of tests)
  for (const number of numbers)
    if (!known.has(number)) throw new Error(`${file}: “${title}” bears ${number}: no such requirement`);

const testsOf = ({ number }) => tests.filter(({ numbers }) => numbers.includes(`R${number}`));
const isInPart = ({ does, missing }) => does !== undefined && missing !== undefined;
const isLacking = ({ does, missing }) => does === undefined && missing !== undefined;
const isOfLaboratory = ({ does, missing }) => does === undefined && missing === undefined;
const named = (ones) => ones.map(({ number }) => `R${number}`).join(', ');

function stateOf(one) {
  if (isOfLaboratory(one)) return 'laboratory';
  if (isLacking(one)) return 'not in the software';
  return isInPart(one) ? 'in part' : 'in the software';
}

const list = (member) =>
  requirements
    .filter((one) => one[member] !== undefined)
    .map((one) => `- **R${one.number}** ${one.title}: ${one[member]}.`)
    .join('\n');

const listed = (borne) => borne.map(({ file, title }) => `- ${title} (\`${file}\`)`).join('\n');

function written(one) {
  const borne = testsOf(one);
  const inspected = borne.filter(({ file }) => file.startsWith('test/inspection/'));
  const others = borne.filter((test) => !inspected.includes(test));
  return [
    `### R${one.number} ${one.title}`,
    `${one.clause}. *${stateOf(one)}*`,
    one.does,
    one.missing && `Missing: ${one.missing}.`,
    one.laboratory && `For the laboratory: ${one.laboratory}.`,
    inspected.length > 0 && `As an inspector tries it:\n\n${listed(inspected)}`,
    inspected.length > 0 && others.length > 0 && 'And:',
    listed(others),
    one.does && borne.length === 0 && 'No test bears this number.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

process.stdout.write(`# Requirements and the tests that bear them

<!-- Made by \`npm run requirements\` from docs/requirements.json and the titles of the tests: change those. -->

What rules of good laboratory practice and electronic records ask of a system like this, in our own words, and what the software
does. It is GLP-style and designed to help a facility meet these rules; whether a study or a site meets them is for the
facility to say. The clauses say where to look: the text of the rule is binding, and a draft binds nobody. Some were
not read in the original.

A test bears the number of a requirement at the end of its title, such as \`[R8]\`. \`npm test -- -t '\\[R8\\]'\` runs those of one number;
those of a file \`*.process.spec.ts\` take \`npm run test:all\`. The suites in \`test/inspection\` do what an inspector would do
to find out, in most cases in a laboratory of people with passkeys on a real server.

| state | meaning | requirements |
|---|---|---|
| in the software | it does what is asked; what stays for the laboratory is said | ${named(requirements.filter((one) => stateOf(one) === 'in the software'))} |
| in part | something is missing, which is said | ${named(requirements.filter(isInPart))} |
| not in the software | a file can be attached, and nothing more | ${named(requirements.filter(isLacking))} |
| laboratory | only a laboratory can meet it | ${named(requirements.filter(isOfLaboratory))} |

## What is missing

${list('missing')}

## What only a laboratory can do

${list('laboratory')}

## One by one

${requirements.map(written).join('\n\n')}
`);
